"""PredictionService.Regress, apart from its transport.

Source: points 16 and 17 of docs/protocol.md, read from regressor.cc of TensorFlow
Serving.
"""

import numpy as np

from export.protocol import (
    DataType,
    RegressionRequest,
    RegressionResponse,
    RegressionResult,
)
from export.serve.example_run import INPUT, invalid, run_examples, shape_name

METHOD_NAME = "tensorflow/serving/regress"
OUTPUT = "outputs"


def regress(
    models,
    request: RegressionRequest,
    timeout_seconds: float | None = None,
    *,
    check_method_name: bool = False,
) -> RegressionResponse:
    """Answers a RegressionRequest.

    Args:
        models: the Models that are served.
        request: what was asked.
        timeout_seconds: how long the computation may take.
        check_method_name: whether the signature must say that it regresses.

    Raises:
        StatusError: with the code and the text for the client.
    """
    run = run_examples(
        models,
        request,
        lambda signature: check_regression(signature, check_method_name),
        timeout_seconds,
    )
    response = RegressionResponse(model_spec=run.model_spec)
    fill_regressions(
        response.result, run.signature, run.answers[OUTPUT], run.num_examples
    )
    return response


def check_regression(signature, check_method_name: bool) -> list[str]:
    """The outputs of a signature that regresses.

    Raises:
        StatusError: INVALID_ARGUMENT: it does not regress.
    """
    if check_method_name and signature.method_name != METHOD_NAME:
        raise invalid(
            f"Expected regression signature method_name to be {METHOD_NAME}. "
            f"Was: {signature.method_name}"
        )
    if len(signature.inputs) != 1:
        raise invalid("Expected one input Tensor.")
    if len(signature.outputs) != 1:
        raise invalid("Expected one output Tensor.")
    if INPUT not in signature.inputs:
        raise invalid(f"No regression inputs found in SignatureDef: {signature}")
    if OUTPUT not in signature.outputs:
        raise invalid(f"No regression outputs found in SignatureDef: {signature}")
    return [OUTPUT]


def fill_regressions(
    result: RegressionResult, signature, values: np.ndarray, num_examples: int
) -> None:
    """Writes a number for each example.

    Args:
        result: what to fill in.
        signature: the SignatureDef that was run.
        values: of the shape (num_examples,) or (num_examples, 1).
        num_examples: how many were sent.

    Raises:
        StatusError: INVALID_ARGUMENT: the output has another type or shape.
    """
    if not (values.ndim == 1 or (values.ndim == 2 and values.shape[1] == 1)):
        raise invalid(
            "Expected output Tensor shape to be either [batch_size] or "
            f"[batch_size, 1] but got {shape_name(values)}"
        )
    if len(values) != num_examples:
        raise invalid(
            "Input batch size did not match output batch size: "
            f"{num_examples} vs. {len(values)}"
        )
    dtype = signature.outputs[OUTPUT].dtype
    if dtype != DataType.Value("DT_FLOAT"):
        raise invalid(
            f"Expected output Tensor of DT_FLOAT.  Got: {DataType.Name(dtype)}"
        )
    for value in values.ravel().tolist():
        result.regressions.add(value=value)
