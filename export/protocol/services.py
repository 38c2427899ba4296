"""The two services of a server, and their methods."""

from dataclasses import dataclass
from typing import Any

from google.protobuf.message_factory import GetMessageClass

from export.protocol.pool import POOL


@dataclass(frozen=True)
class Method:
    """One unary call: a request's bytes to `path`, a response's bytes back."""

    path: str
    request: Any
    """The message class."""
    response: Any
    """The message class."""


@dataclass(frozen=True)
class Service:
    """A gRPC service."""

    name: str
    """With its package."""
    methods: dict[str, Method]


def _service(name):
    descriptor = POOL.FindServiceByName(name)
    methods = {
        method.name: Method(
            f"/{name}/{method.name}",
            GetMessageClass(method.input_type),
            GetMessageClass(method.output_type),
        )
        for method in descriptor.methods
    }
    return Service(name, methods)


PREDICTION_SERVICE = _service("tensorflow.serving.PredictionService")
MODEL_SERVICE = _service("tensorflow.serving.ModelService")
