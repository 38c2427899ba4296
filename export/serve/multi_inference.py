"""PredictionService.MultiInference, apart from its transport.

Source: points 16 to 18 of docs/protocol.md, read from multi_inference.cc of
TensorFlow Serving.
"""

from export.protocol import ModelSpec, MultiInferenceRequest, MultiInferenceResponse
from export.runtime import Code, StatusError
from export.serve import classification, regression
from export.serve.example_run import INPUT, invalid
from export.serve.examples import read_examples
from export.serve.model_spec import describe, signature_name


def multi_inference(
    models,
    request: MultiInferenceRequest,
    timeout_seconds: float | None = None,
    *,
    check_method_name: bool = False,
) -> MultiInferenceResponse:
    """Answers a MultiInferenceRequest: several signatures for the same examples.

    One run computes them all.

    Args:
        models: the Models that are served.
        request: what was asked.
        timeout_seconds: how long the computation may take.
        check_method_name: whether signatures must say what they do.

    Raises:
        StatusError: with the code and the text for the client.
    """
    # The server looks the first task's model up before it reads the others.
    spec = request.tasks[0].model_spec if request.tasks else ModelSpec()
    with models.use(spec) as servable:
        outputs = _check_tasks(servable, request.tasks, check_method_name)
        examples = read_examples(request.input)
        answers = _run(servable, examples, outputs, timeout_seconds)
        response = MultiInferenceResponse()
        for task in request.tasks:
            name = signature_name(task.model_spec)
            result = response.results.add()
            describe(result.model_spec, servable, name)
            _fill(result, task, servable.signatures[name], answers[name], len(examples))
    return response


def _run(servable, examples, outputs, timeout_seconds):
    """The answers of each signature."""
    first = next(iter(outputs))
    # Those of the first have no pairs, so that a lone task can be batched together
    # with requests of Classify and Regress.
    wanted = {
        (name, key): key if name == first else (name, key)
        for name, keys in outputs.items()
        for key in keys
    }
    values = servable.run(
        first,
        {INPUT: examples},
        outputs=wanted.values(),
        timeout_seconds=timeout_seconds,
    )
    return {
        name: {key: values[wanted[name, key]] for key in keys}
        for name, keys in outputs.items()
    }


def _check_tasks(servable, tasks, check_method_name):
    """The outputs to compute, by signature."""
    outputs, feed = {}, None
    for task in tasks:
        if not task.model_spec.name:
            raise invalid("Found ModelSpec with an empty model name.")
        if task.model_spec.name != tasks[0].model_spec.name:
            raise invalid(
                "All ModelSpecs in a MultiInferenceRequest must access the same model "
                "name."
            )
        name = signature_name(task.model_spec)
        if name in outputs:
            raise invalid(f"Duplicate evaluation of signature: {name}")
        if name not in servable.signatures:
            raise invalid(f"Requested signature not found in model graph: {name}")
        signature = servable.signatures[name]
        outputs[name] = _check_signature(signature, task, check_method_name)
        feed = feed or signature.inputs[INPUT].name
        if signature.inputs[INPUT].name != feed:
            raise invalid("Input tensor must be the same for all Signatures.")
    return outputs


def _check_signature(signature, task, check_method_name):
    if task.method_name == classification.METHOD_NAME:
        return classification.check_classification(signature, check_method_name)
    if task.method_name == regression.METHOD_NAME:
        return regression.check_regression(signature, check_method_name)
    raise StatusError(
        Code.UNIMPLEMENTED, f"Unsupported signature method_name: {task.method_name}"
    )


def _fill(result, task, signature, answers, num_examples):
    if task.method_name == classification.METHOD_NAME:
        classification.fill_classifications(
            result.classification_result, signature, answers, num_examples
        )
    else:
        regression.fill_regressions(
            result.regression_result,
            signature,
            answers[regression.OUTPUT],
            num_examples,
        )
