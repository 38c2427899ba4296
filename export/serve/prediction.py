"""PredictionService.Predict, apart from its transport.

Source: points 5 to 12 of docs/protocol.md, which were read from predict_util.cc of
TensorFlow Serving and saved_model/util.cc of TensorFlow.
"""

import numpy as np

from export.protocol import PredictRequest, PredictResponse
from export.protocol.tensors import to_array, to_proto, to_proto_content
from export.runtime import Code, StatusError
from export.serve.model_spec import describe, require_model_spec, signature_name

METHOD_NAMES = tuple(
    f"tensorflow/serving/{method}" for method in ("predict", "classify", "regress")
)


def predict(
    models,
    request: PredictRequest,
    timeout_seconds: float | None = None,
    *,
    check_method_name: bool = False,
    as_content: bool = False,
) -> PredictResponse:
    """Answers a PredictRequest.

    Args:
        models: the Models that are served.
        request: what was asked.
        timeout_seconds: how long the computation may take.
        check_method_name: whether the signature must be one of the server's methods.
        as_content: whether outputs are in `tensor_content`, not in typed fields.

    Raises:
        StatusError: with the code and the text for the client; checks come in the
            server's order.
    """
    require_model_spec(request)
    with models.use(request.model_spec) as servable:
        name = signature_name(request.model_spec)
        signature = find_signature(servable, name)
        if check_method_name:
            _check_method_name(signature)
        inputs = read_inputs(signature, request.inputs)
        outputs = read_output_filter(signature, request.output_filter)
        answers = servable.run(
            name, inputs, outputs=outputs, timeout_seconds=timeout_seconds
        )
        response = PredictResponse()
        describe(response.model_spec, servable, name)
    write = to_proto_content if as_content else to_proto
    for key, value in answers.items():
        response.outputs[key].CopyFrom(write(value))
    return response


def find_signature(servable, name: str):
    """The SignatureDef by its name.

    Raises:
        StatusError: FAILED_PRECONDITION: there is none.
    """
    if name not in servable.signatures:
        raise StatusError(
            Code.FAILED_PRECONDITION, f'Serving signature key "{name}" not found.'
        )
    return servable.signatures[name]


def read_inputs(signature, protos) -> dict[str, np.ndarray]:
    """The request's tensors; those with a default may be missing.

    Args:
        signature: a SignatureDef.
        protos: `{name: TensorProto}`.

    Raises:
        StatusError: INVALID_ARGUMENT: other inputs are needed, or one is no tensor.
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
    """The outputs to compute: those asked for, or all.

    Raises:
        StatusError: INVALID_ARGUMENT: one is unknown or repeated.
    """
    seen = set()
    for key in output_filter:
        if key not in signature.outputs:
            raise _invalid(
                f"output tensor alias not found in signature: {key} Outputs expected "
                f"to be in the set {_braces(signature.outputs)}."
            )
        if key in seen:
            raise _invalid(f"duplicate output tensor alias: {key}")
        seen.add(key)
    return list(output_filter) or list(signature.outputs)


def _read_tensor(key, proto):
    try:
        return to_array(proto)
    except ValueError as error:
        raise _invalid(f"tensor parsing error: {key}") from error


def _check_method_name(signature):
    if signature.method_name not in METHOD_NAMES:
        raise StatusError(
            Code.INTERNAL,
            "Expected prediction signature method_name to be one of "
            f"{{{', '.join(METHOD_NAMES)}}}. Was: {signature.method_name}",
        )


def _braces(names):
    return "{" + ",".join(sorted(names)) + "}"


def _invalid(message):
    return StatusError(Code.INVALID_ARGUMENT, message)
