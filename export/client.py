"""Asks a server for predictions: files in, scores out, as text for a terminal."""

import os
from collections.abc import Mapping, Sequence

from mmtf.errors import InputError
from mmtf.features import MODALITIES

_BAR_WIDTH = 40
_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
]


def predict(
    rows: Sequence[Mapping[str, str]],
    *,
    server: str = "localhost:8500",
    model: str = "demo",
    image_side: int = 256,
    sample_rate_hz: int = 16000,
    timeout_seconds: float = 60.0,
) -> list[dict]:
    """Sends rows to a server in one request.

    Media are turned upright, shrunk and resampled here, so that less travels
    and the server can decode it.

    Args:
        rows: at least one; each holds any of `text`, and the paths `image` and
            `audio`. What is empty or missing is absent.
        server: HOST:PORT of TensorFlow Serving or of `mmtf serve`.
        model: the name that the server knows the model by.
        image_side: most pixels of a sent image's short side.
        sample_rate_hz: what the model was trained on.
        timeout_seconds: how long the answer may take.

    Returns:
        For each row `{"scores": {class: score}, "modality_weights": {modality:
        weight}}`; for regression `value`, a number, in place of `scores`.

    Raises:
        InputError: a file cannot be read, or the server cannot be reached or
            refuses the request.
    """
    from tensorflow_serving.apis import predict_pb2

    request = predict_pb2.PredictRequest()
    request.model_spec.name = model
    for name, values in _read_rows(rows, image_side, sample_rate_hz).items():
        _set_strings(request.inputs[name], values)
    return _read_response(_send(request, server, timeout_seconds))


def _read_rows(rows, image_side, sample_rate_hz):
    from pipelines import media

    def image(data):
        return media.prepare_image(data, image_side=image_side)

    def audio(data):
        return media.prepare_audio(data, sample_rate_hz=sample_rate_hz)

    return {
        "text": [row.get("text", "").encode("utf-8", "replace") for row in rows],
        "image": [_read_file("image", row.get("image"), image) for row in rows],
        "audio": [_read_file("audio", row.get("audio"), audio) for row in rows],
    }


def _read_file(kind, path, prepare):
    from pipelines.media import MediaError

    if not path:
        return b""
    try:
        with open(os.path.expanduser(path), "rb") as file:
            return prepare(file.read())
    except (OSError, MediaError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"`{kind}` must be the path of a readable {kind} file. Received: "
            f"{path!r} ({reason})."
        ) from error


def _set_strings(proto, values):
    from tensorflow.core.framework import types_pb2

    proto.dtype = types_pb2.DT_STRING
    proto.tensor_shape.dim.add(size=len(values))
    proto.string_val.extend(values)


def _send(request, server, timeout_seconds):
    import grpc
    from tensorflow_serving.apis import prediction_service_pb2_grpc

    with grpc.insecure_channel(server, options=_OPTIONS) as channel:
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        try:
            return stub.Predict(request, timeout=timeout_seconds)
        except grpc.RpcError as error:
            message = _explain(error, server, timeout_seconds)
            raise InputError(message) from error


def _explain(error, server, timeout_seconds):
    import grpc

    if error.code() == grpc.StatusCode.UNAVAILABLE:
        return (
            "`server` must be the HOST:PORT of a running server. Received: "
            f"{server!r}, which does not answer. Start one with `mmtf serve`."
        )
    if error.code() == grpc.StatusCode.DEADLINE_EXCEEDED:
        return (
            f"A server must answer within {timeout_seconds:g} seconds. Received: "
            f"nothing from {server!r}. Allow more time, or send fewer rows."
        )
    # An op's message goes on with the place in the graph.
    reason = error.details().partition("\n")[0]
    return f"The server at {server!r} refused the request: {reason}"


def _read_response(response):
    import tensorflow as tf

    outputs = {key: tf.make_ndarray(proto) for key, proto in response.outputs.items()}
    return [
        {
            **_read_answer({key: values[row] for key, values in outputs.items()}),
            "modality_weights": dict(zip(MODALITIES, weights.tolist(), strict=True)),
        }
        for row, weights in enumerate(outputs["modality_weights"])
    ]


def _read_answer(outputs):
    if "value" in outputs:
        return {"value": outputs["value"].item()}
    names = [name.decode() for name in outputs["classes"]]
    return {"scores": dict(zip(names, outputs["scores"].tolist(), strict=True))}


def format_prediction(prediction: Mapping) -> str:
    """Text for a terminal: a bar for each class, best first, and each modality.

    Args:
        prediction: one of those that `predict` returns.

    Returns:
        Lines, the last one without a newline.
    """
    scores = prediction.get("scores", {})
    weights = prediction["modality_weights"]
    width = max(len(name) for name in (*scores, *weights))
    head = [f"value: {prediction['value']:.4g}"] if "value" in prediction else []
    ranked = dict(sorted(scores.items(), key=lambda pair: -pair[1]))
    return "\n".join(
        [*head, *_bars(ranked, width), "", "modality weights", *_bars(weights, width)]
    )


def _bars(shares, width):
    return [
        f"{name:<{width}}  {'█' * round(share * _BAR_WIDTH):<{_BAR_WIDTH}}  {share:.3f}"
        for name, share in shares.items()
    ]
