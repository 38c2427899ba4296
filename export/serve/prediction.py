"""PredictionService.Predict, apart from its transport."""

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2

from export.serve.models import Models
from export.serve.tensors import to_array, to_proto, type_name


def predict(
    models: Models,
    request: predict_pb2.PredictRequest,
    timeout_seconds: float | None = None,
) -> predict_pb2.PredictResponse:
    """Answers a PredictRequest.

    Raises:
        tf.errors.OpError: with the code and the text for the client; checks
            come in the server's order.
    """
    if not request.HasField("model_spec"):
        raise _invalid("Missing ModelSpec")
    servable = models.find(request.model_spec)
    name = request.model_spec.signature_name or "serving_default"
    if name not in servable.session.signatures:
        raise tf.errors.FailedPreconditionError(
            None, None, f'Serving signature key "{name}" not found.'
        )
    signature = servable.session.signatures[name]
    inputs = read_inputs(signature, request.inputs)
    outputs = read_output_filter(signature, request.output_filter)
    _check_types(signature, inputs, request.inputs)
    answers = servable.session.run(
        name, inputs, outputs=outputs, timeout_seconds=timeout_seconds
    )
    response = predict_pb2.PredictResponse()
    response.model_spec.name = servable.name
    response.model_spec.signature_name = name
    response.model_spec.version.value = servable.version
    for key, value in answers.items():
        response.outputs[key].CopyFrom(to_proto(value))
    return response


def read_inputs(signature, protos) -> dict[str, np.ndarray]:
    """The request's tensors; those with a default may be missing.

    Args:
        signature: a SignatureDef.
        protos: `{name: TensorProto}`.
    """
    known, sent = set(signature.inputs), set(protos)
    if len(sent) > len(known) or (len(sent) < len(known) and not signature.defaults):
        raise _invalid(
            f"input size does not match signature: {len(sent)}!={len(known)} "
            f"len({_braces(sent)}) != len({_braces(known)}). "
            f"Sent extra: {_braces(sent - known)}. "
            f"Missing but required: {_braces(known - sent)}."
        )
    for key in sorted(known - sent - set(signature.defaults)):
        raise _invalid(
            f"Signature input alias: {key}(feed name: {signature.inputs[key].name}) "
            "not found in request and no default value provided. Inputs expected to "
            f"be in the request {_braces(sent)}, or default input alias set: "
            f"{','.join(sorted(signature.defaults))}"
        )
    arrays = {key: _read_tensor(key, protos[key]) for key in sorted(known & sent)}
    if sent - known:
        raise _invalid(
            "Inputs contains invalid name. Used request inputs: "
            f"{','.join(sorted(arrays))}, request input: {','.join(sorted(sent))}"
        )
    return arrays


def read_output_filter(signature, output_filter) -> list[str]:
    """The outputs to compute: those asked for, or all."""
    for index, key in enumerate(output_filter):
        if key not in signature.outputs:
            raise _invalid(
                f"output tensor alias not found in signature: {key} Outputs expected "
                f"to be in the set {_braces(signature.outputs)}."
            )
        if key in output_filter[:index]:
            raise _invalid(f"duplicate output tensor alias: {key}")
    return list(output_filter) or list(signature.outputs)


def _read_tensor(key, proto):
    try:
        return to_array(proto)
    except ValueError as error:
        raise _invalid(f"tensor parsing error: {key}") from error


def _check_types(signature, inputs, protos):
    # The C++ session counts its arguments by sorted feed names.
    order = sorted(signature.inputs, key=lambda key: signature.inputs[key].name)
    for key in inputs:
        expected, received = signature.inputs[key].dtype, protos[key].dtype
        if expected != received:
            raise _invalid(
                f"Expects arg[{order.index(key)}] to be {type_name(expected)} "
                f"but {type_name(received)} is provided"
            )


def _braces(names):
    return "{" + ",".join(sorted(names)) + "}"


def _invalid(message):
    return tf.errors.InvalidArgumentError(None, None, message)
