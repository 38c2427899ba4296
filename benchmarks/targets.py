"""What can be asked for predictions: a bare session, or a server by gRPC or REST.

A target is only a description, so that it can travel to another process; `connect`
makes a function of it that asks once and waits for the answer.
"""

import base64
import functools
import http.client
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import grpc
import numpy as np

from benchmarks.payloads import make_media, repeat
from export.protocol import PREDICTION_SERVICE, PredictRequest
from export.protocol.tensors import to_proto
from export.runtime import SavedModelSession
from mmtf.cli.console import start_runtime

_SIGNATURE = "serving_default"
_GRPC_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    # Each client has a connection of its own.
    ("grpc.use_local_subchannel_pool", 1),
]


@dataclass(frozen=True)
class Target:
    """Something that answers requests.

    Attributes:
        kind: `session`, `grpc` or `rest`.
        place: a version's folder, or the port of a server on this machine.
        sample_rate_hz: of the recordings that are sent.
        num_rows: of a request.
        model: what the server calls the model.
        intra_op_threads: of the session, within one operation; 0: one a core.
    """

    kind: str
    place: str | int
    sample_rate_hz: int
    num_rows: int = 1
    model: str = ""
    intra_op_threads: int = 0


def connect(target: Target) -> Callable[[], None]:
    """A function that asks a target once; each client needs one of its own.

    The function raises if the answer is an error.
    """
    inputs = repeat(make_media(target.sample_rate_hz), target.num_rows)
    if target.kind == "session":
        session = _open_session(target.place, target.intra_op_threads)
        return lambda: session.run(_SIGNATURE, inputs)
    if target.kind == "grpc":
        data = grpc_request(target.model, inputs).SerializeToString()
        return functools.partial(grpc_call(target.place), data, timeout=60)
    body = rest_body(inputs)
    return functools.partial(_ask_rest, rest_call(target.place, target.model), body)


def grpc_request(model: str, inputs: Mapping[str, np.ndarray]) -> PredictRequest:
    """A request for the model's default signature."""
    request = PredictRequest()
    request.model_spec.name = model
    for name, array in inputs.items():
        request.inputs[name].CopyFrom(to_proto(array))
    return request


def rest_body(inputs: Mapping[str, np.ndarray]) -> bytes:
    """The same as JSON, in row format."""
    encoded = {
        name: [{"b64": base64.b64encode(value).decode()} for value in array]
        for name, array in inputs.items()
    }
    rows = [
        dict(zip(encoded, values, strict=True))
        for values in zip(*encoded.values(), strict=True)
    ]
    return json.dumps({"instances": rows}).encode()


def grpc_call(port: int) -> Callable:
    """Predict on a new connection: bytes to bytes, raises `grpc.RpcError`."""
    channel = grpc.insecure_channel(f"127.0.0.1:{port}", _GRPC_OPTIONS)
    return channel.unary_unary(PREDICTION_SERVICE.methods["Predict"].path)


def rest_call(port: int, model: str, verb: str = "predict") -> Callable:
    """A REST call on a new connection: a body to status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def call(body):
        connection.request("POST", f"/v1/models/{model}:{verb}", body)
        response = connection.getresponse()
        return response.status, response.read()

    return call


def _ask_rest(call, body):
    status, answer = call(body)
    if status != 200:
        raise RuntimeError(f"REST answered {status}: {answer[:500].decode()}")


@functools.cache
def _open_session(folder, intra_op_threads):
    start_runtime()
    return SavedModelSession(folder, intra_op_threads=intra_op_threads)
