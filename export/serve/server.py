"""The transport: gRPC around the functions that answer."""

import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc
import tensorflow as tf
from tensorflow_serving.apis import (
    model_service_pb2_grpc,
    prediction_service_pb2_grpc,
)

from export.serve.models import Models, load_latest
from export.serve.prediction import predict
from export.serve.status import get_model_status
from mmtf.errors import InputError

_NUM_THREADS = 16
_GRACE_SECONDS = 10
_MAX_MESSAGE_CHARS = 1024
_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    # Two servers on one port would each answer half of the requests.
    ("grpc.so_reuseport", 0),
]
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class Server:
    """A running server.

    Args:
        models: what it serves.
        host: the address to listen on.
        port: the port; 0 picks a free one.

    Attributes:
        models: what it serves.
        port: the port that it listens on.

    Raises:
        InputError: the port is taken.
    """

    def __init__(self, models: Models, *, host: str = "127.0.0.1", port: int = 0):
        self.models = models
        executor = ThreadPoolExecutor(_NUM_THREADS)
        self._server = grpc.server(executor, options=_OPTIONS)
        prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
            _PredictionService(models), self._server
        )
        model_service_pb2_grpc.add_ModelServiceServicer_to_server(
            _ModelService(models), self._server
        )
        try:
            self.port = self._server.add_insecure_port(f"{host}:{port}")
        except RuntimeError as error:
            raise InputError(
                f"A server needs a free port. Received: {host}:{port}, which cannot "
                "be listened on. Give another `--port`."
            ) from error
        self._server.start()

    def stop(self) -> None:
        """Takes no further request, and returns when those under way are done."""
        self._server.stop(_GRACE_SECONDS).wait()


def start(
    model_folder: str,
    *,
    port: int = 8500,
    host: str = "127.0.0.1",
    name: str | None = None,
) -> Server:
    """Serves the latest version of a model until the caller stops it.

    Args:
        model_folder: MODELS/NAME.
        port: the gRPC port; 0 picks a free one.
        host: the address to listen on.
        name: what requests call the model; NAME by default.

    Raises:
        InputError: there is no version to serve, or the port is taken.
    """
    return Server(Models([load_latest(model_folder, name)]), host=host, port=port)


def serve(
    model_folder: str,
    *,
    port: int = 8500,
    host: str = "127.0.0.1",
    name: str | None = None,
) -> None:
    """Like `start`, and returns when the process is asked to end.

    It ends by SIGINT (Ctrl-C) or SIGTERM, after the requests under way. For
    development: production runs TensorFlow Serving itself.
    """
    server = start(model_folder, port=port, host=host, name=name)
    stopping = threading.Event()
    handlers = {
        number: signal.signal(number, lambda *_: stopping.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    for servable in server.models:
        what = f"{servable.name}, version {servable.version}"
        where = f"{host}:{server.port} (gRPC)"
        print(f"Serving {what}, on {where}.", file=sys.stderr, flush=True)
    try:
        stopping.wait()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        server.stop()


class _PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):
    def __init__(self, models):
        self._models = models

    def Predict(self, request, context):
        timeout = _timeout_seconds(context)
        return _answer(context, lambda: predict(self._models, request, timeout))


class _ModelService(model_service_pb2_grpc.ModelServiceServicer):
    def __init__(self, models):
        self._models = models

    def GetModelStatus(self, request, context):
        return _answer(context, lambda: get_model_status(self._models, request))


def _timeout_seconds(context):
    remaining = context.time_remaining()
    # Without a deadline, gRPC gives centuries, or None.
    return None if remaining is None or remaining > 1e6 else remaining


def _answer(context: grpc.ServicerContext, call: Callable):
    try:
        return call()
    except tf.errors.OpError as error:
        # Session.run puts a heading before what the op says.
        message = error.message.removeprefix("Graph execution error:\n\n")
        if len(message) > _MAX_MESSAGE_CHARS:
            message = message[:_MAX_MESSAGE_CHARS] + "...TRUNCATED"
        context.abort(_CODES[error.error_code], message)
