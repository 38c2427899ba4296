"""gRPC handlers for the calls of a Service, and what they say of errors."""

import logging
import re
from collections.abc import Callable

import grpc
from google.protobuf.message import DecodeError, Message

from export.protocol import MODEL_SERVICE, PREDICTION_SERVICE
from export.runtime import Code, StatusError
from export.serve.service import Service

_MAX_ERROR_BYTES = 1024
_MAX_TIMEOUT_SECONDS = 1e6
_CODES = {code.value[0]: code for code in grpc.StatusCode}

_logger = logging.getLogger(__name__)


def service_handlers(service: Service) -> list[grpc.GenericRpcHandler]:
    """Handlers for all methods of PredictionService and ModelService.

    Args:
        service: what answers: `predict` for `Predict`, and so on.
    """
    return [
        grpc.method_handlers_generic_handler(
            described.name,
            {
                name: grpc.unary_unary_rpc_method_handler(
                    _Handler(getattr(service, _method_name(name)), method.request)
                )
                for name, method in described.methods.items()
            },
        )
        for described in (PREDICTION_SERVICE, MODEL_SERVICE)
    ]


def error_text(message: str) -> str:
    """An error's text for a client, cut where the server cuts it."""
    data = message.encode("utf-8", "replace")
    if len(data) <= _MAX_ERROR_BYTES:
        return message
    # A character may have been cut in two.
    return data[:_MAX_ERROR_BYTES].decode("utf-8", "ignore") + "...TRUNCATED"


class _Handler:
    """One method: a request's bytes to a response's.

    Messages are read and written here, in the thread of the call, and not in gRPC's
    own thread, which would keep all other calls waiting.
    """

    def __init__(self, call: Callable, request_class):
        self._call = call
        self._request_class = request_class

    def __call__(self, data: bytes, context: grpc.ServicerContext) -> bytes:
        try:
            request = self._read(data)
            return self._call(request, _timeout_seconds(context)).SerializeToString()
        except StatusError as error:
            code, text = error.code, error_text(error.message)
        except MemoryError:
            code, text = Code.RESOURCE_EXHAUSTED, "The server has not enough memory."
        except Exception:
            _logger.exception("%s failed", self._request_class.DESCRIPTOR.full_name)
            code, text = Code.INTERNAL, "The server failed."
        return context.abort(_CODES[code], text)

    def _read(self, data: bytes) -> Message:
        try:
            return self._request_class.FromString(data)
        except DecodeError as error:
            # The code is the server's, which has no words for it.
            name = self._request_class.DESCRIPTOR.full_name
            message = f"The request is not a valid {name}."
            raise StatusError(Code.INTERNAL, message) from error


def _method_name(name):
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    # In the protocol, only one method says that it handles a request.
    return snake.removesuffix("_request")


def _timeout_seconds(context):
    remaining = context.time_remaining()
    # Without a deadline, gRPC gives centuries, or None.
    if remaining is None or remaining > _MAX_TIMEOUT_SECONDS:
        return None
    return max(0.0, remaining)
