"""Requests that no client should send, by gRPC and by REST, and what may come back."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.payloads import repeat
from benchmarks.targets import grpc_request, rest_body
from export.protocol import DataType, PredictRequest
from export.protocol.tensors import to_proto
from mmtf.features import AUDIO, IMAGE, TEXT

_REFUSED = frozenset({"INVALID_ARGUMENT"})
_HTTP_REFUSED = frozenset({400})


@dataclass(frozen=True)
class Malformed:
    """A way to get a request wrong.

    Attributes:
        name: what is wrong with it.
        make: takes randomness, the model's name and a good row, and gives the bytes
            of a gRPC request or a REST body.
        allowed: what the server may answer: gRPC codes, or HTTP statuses.
    """

    name: str
    make: Callable[[random.Random, str, dict], bytes]
    allowed: frozenset


def _edited(edit):
    """A good request that is changed before it is sent."""

    def make(chance, model, row):
        request = grpc_request(model, repeat(row, 2))
        edit(chance, request)
        return request.SerializeToString()

    return make


def _with_input(name, array):
    return _edited(lambda _, request: request.inputs[name].CopyFrom(to_proto(array)))


def _rename_input(chance, request):
    request.inputs["txet"].CopyFrom(request.inputs[TEXT])
    del request.inputs[TEXT]


def _claim_size(chance, request):
    tensor = request.inputs[IMAGE]
    tensor.Clear()
    tensor.dtype = DataType.DT_STRING
    for size in (2**20, 2**20):
        tensor.tensor_shape.dim.add(size=size)


def _negative_size(chance, request):
    request.inputs[AUDIO].tensor_shape.dim[0].size = -5


def _change_spec(**fields):
    def edit(chance, request):
        for name, value in fields.items():
            setattr(request.model_spec, name, value)

    return edit


def _ask_version(chance, request):
    request.model_spec.version.value = 10**6 + chance.randrange(100)


def _noise(chance, model, row):
    return chance.randbytes(chance.randrange(1, 2000))


GRPC_MALFORMED = (
    Malformed("nothing", lambda *_: PredictRequest().SerializeToString(), _REFUSED),
    # What is no message at all is INTERNAL, as in the server.
    Malformed("noise", _noise, _REFUSED | {"INTERNAL"}),
    Malformed("unknown input", _edited(_rename_input), _REFUSED),
    Malformed("floats for text", _with_input(TEXT, np.ones(2, np.float32)), _REFUSED),
    Malformed("a scalar", _with_input(TEXT, np.array(b"a", object)), _REFUSED),
    Malformed("a matrix", _with_input(TEXT, np.full((2, 1), b"a", object)), _REFUSED),
    Malformed("3 rows of 2", _with_input(TEXT, np.full(3, b"a", object)), _REFUSED),
    Malformed("a claimed size", _edited(_claim_size), _REFUSED),
    Malformed("a negative size", _edited(_negative_size), _REFUSED),
    Malformed("no version", _edited(_ask_version), frozenset({"NOT_FOUND"})),
    Malformed("no model", _edited(_change_spec(name="no")), frozenset({"NOT_FOUND"})),
    Malformed(
        "no signature",
        _edited(_change_spec(signature_name="no")),
        frozenset({"FAILED_PRECONDITION"}),
    ),
    Malformed("no label", _edited(_change_spec(version_label="no")), _REFUSED),
    Malformed(
        "no output", _edited(lambda _, r: r.output_filter.append("no")), _REFUSED
    ),
)


def _document(value):
    return lambda *_: json.dumps(value).encode()


def _body(edit):
    def make(chance, model, row):
        document = json.loads(rest_body(repeat(row, 2)))
        edit(document)
        return json.dumps(document).encode()

    return make


def _cut(chance, model, row):
    body = rest_body(repeat(row, 1))
    return body[: chance.randrange(1, len(body))]


REST_MALFORMED = (
    Malformed("nothing", lambda *_: b"", _HTTP_REFUSED),
    Malformed("noise", _noise, _HTTP_REFUSED),
    Malformed("half a body", _cut, _HTTP_REFUSED),
    Malformed("deep lists", lambda *_: b'{"instances": ' + b"[" * 10**5, _HTTP_REFUSED),
    Malformed("deep objects", lambda *_: b'{"a": ' * 10**5, _HTTP_REFUSED),
    Malformed("huge number", lambda *_: b'{"inputs": 1e999}', _HTTP_REFUSED),
    Malformed("not UTF-8", lambda *_: b'{"inputs": "\xff"}', _HTTP_REFUSED),
    Malformed("no rows", _document({"instances": []}), _HTTP_REFUSED),
    Malformed("numbers", _document({"instances": [1, 2]}), _HTTP_REFUSED),
    Malformed("both formats", _document({"instances": [], "inputs": 1}), _HTTP_REFUSED),
    Malformed(
        "a missing key", _body(lambda d: d["instances"][1].pop(TEXT)), _HTTP_REFUSED
    ),
    Malformed(
        "a wrong key", _body(lambda d: d["instances"][0].update(a=1)), _HTTP_REFUSED
    ),
    Malformed(
        "a wrong type", _body(lambda d: d["instances"][0].update(text=1)), _HTTP_REFUSED
    ),
    Malformed(
        "ragged", _body(lambda d: d["instances"][1].update(text=["a"])), _HTTP_REFUSED
    ),
    Malformed(
        "bad base64",
        _body(lambda d: d["instances"][0].update(image={"b64": "*"})),
        _HTTP_REFUSED,
    ),
    Malformed(
        "no signature", _body(lambda d: d.update(signature_name="no")), _HTTP_REFUSED
    ),
)
