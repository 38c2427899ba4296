"""PredictionService.Classify, apart from its transport.

Source: points 16 and 17 of docs/protocol.md, read from classifier.cc of TensorFlow
Serving.
"""

from collections.abc import Mapping

import numpy as np

from export.protocol import (
    ClassificationRequest,
    ClassificationResponse,
    ClassificationResult,
    DataType,
)
from export.serve.example_run import INPUT, invalid, run_examples, shape_name

METHOD_NAME = "tensorflow/serving/classify"
_OUTPUTS = {
    "classes": DataType.Value("DT_STRING"),
    "scores": DataType.Value("DT_FLOAT"),
}


def classify(
    models,
    request: ClassificationRequest,
    timeout_seconds: float | None = None,
    *,
    check_method_name: bool = False,
) -> ClassificationResponse:
    """Answers a ClassificationRequest.

    Args:
        models: the Models that are served.
        request: what was asked.
        timeout_seconds: how long the computation may take.
        check_method_name: whether the signature must say that it classifies.

    Raises:
        StatusError: with the code and the text for the client.
    """
    run = run_examples(
        models,
        request,
        lambda signature: check_classification(signature, check_method_name),
        timeout_seconds,
    )
    response = ClassificationResponse(model_spec=run.model_spec)
    fill_classifications(response.result, run.signature, run.answers, run.num_examples)
    return response


def check_classification(signature, check_method_name: bool) -> list[str]:
    """The outputs of a signature that classifies.

    Raises:
        StatusError: INVALID_ARGUMENT: it does not classify.
    """
    if check_method_name and signature.method_name != METHOD_NAME:
        raise invalid(
            f"Expected classification signature method_name to be {METHOD_NAME}. "
            f"Was: {signature.method_name}"
        )
    if len(signature.inputs) != 1:
        raise invalid("Expected one input Tensor.")
    if len(signature.outputs) not in (1, 2):
        raise invalid(
            f"Expected one or two output Tensors, found {len(signature.outputs)}"
        )
    if INPUT not in signature.inputs:
        raise invalid(f"No classification inputs found in SignatureDef: {signature}")
    outputs = [key for key in _OUTPUTS if key in signature.outputs]
    if not outputs:
        raise invalid(
            "Expected classification signature outputs to contain at least one of "
            f'"classes" or "scores". Signature was: {signature}'
        )
    return outputs


def fill_classifications(
    result: ClassificationResult,
    signature,
    outputs: Mapping[str, np.ndarray],
    num_examples: int,
) -> None:
    """Writes `classes` and `scores`, or one of them, as a list for each example.

    Args:
        result: what to fill in.
        signature: the SignatureDef that was run.
        outputs: by name, of the shape (num_examples, number of classes).
        num_examples: how many were sent.

    Raises:
        StatusError: INVALID_ARGUMENT: an output has another type or shape.
    """
    for key in _OUTPUTS:
        if key in outputs:
            _check_output(key, outputs[key], signature.outputs[key].dtype, num_examples)
    widths = [value.shape[1] for value in outputs.values()]
    if len(set(widths)) > 1:
        raise invalid(
            "Tensors class and score should match in dim_size(1). Got "
            f"{outputs['classes'].shape[1]} vs. {outputs['scores'].shape[1]}"
        )
    none = [[None] * widths[0]] * num_examples
    labels = outputs["classes"].tolist() if "classes" in outputs else none
    scores = outputs["scores"].tolist() if "scores" in outputs else none
    for row_labels, row_scores in zip(labels, scores, strict=True):
        classes = result.classifications.add().classes
        for label, score in zip(row_labels, row_scores, strict=True):
            text = None if label is None else label.decode("utf-8", "replace")
            classes.add(label=text, score=score)


def _check_output(key, value, dtype, num_examples):
    if value.ndim != 2:
        raise invalid(
            "Expected Tensor shape: [batch_size num_classes] but got "
            f"{shape_name(value)}"
        )
    if dtype != _OUTPUTS[key]:
        raise invalid(
            f"Expected {key} Tensor of {DataType.Name(_OUTPUTS[key])}. "
            f"Got: {DataType.Name(dtype)}"
        )
    if len(value) != num_examples:
        raise invalid(
            f"Expected {key} output batch size of {num_examples}. Got: {len(value)}"
        )
