"""The gRPC server around a Service."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2

from export.protocol import MODEL_SERVICE, POOL, PREDICTION_SERVICE
from export.serve.grpc_handlers import service_handlers
from export.serve.service import Service
from mmtf.errors import InputError

MAX_MESSAGE_BYTES = 2**31 - 1
_NUM_THREADS = 64
_GRACE_SECONDS = 10.0
_SERVICES = (PREDICTION_SERVICE.name, MODEL_SERVICE.name)
_STATUSES = health_pb2.HealthCheckResponse


class GrpcServer:
    """Serves a Service by gRPC, from `start` to `stop`.

    Reflection tells clients such as grpcurl the services and their messages. The
    health service knows the whole server as "", and each service by its name.

    Args:
        service: what answers.
        host: the address to listen on.
        port: the port; 0 picks a free one.
        socket_path: a UNIX socket to listen on as well.
        credentials: for TLS, on both; none: no encryption.
        channel_arguments: of gRPC, as `read_channel_arguments` gives them.
        max_message_bytes: the longest request.
        num_threads: how many calls are worked on at once; others wait.

    Attributes:
        port: the port that it listens on, once it is started.
    """

    def __init__(
        self,
        service: Service,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        socket_path: str = "",
        credentials: grpc.ServerCredentials | None = None,
        channel_arguments: Mapping[str, int | str] | None = None,
        max_message_bytes: int = MAX_MESSAGE_BYTES,
        num_threads: int = _NUM_THREADS,
    ):
        self.port = port
        self._host = host
        self._socket_path = socket_path
        self._credentials = credentials
        options = {
            "grpc.max_receive_message_length": max_message_bytes,
            "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
            # Two servers on one port would each answer half of the requests.
            "grpc.so_reuseport": 0,
            **(channel_arguments or {}),
        }
        self._executor = ThreadPoolExecutor(num_threads, "grpc")
        self._server = grpc.server(
            self._executor,
            handlers=service_handlers(service),
            options=list(options.items()),
        )
        self._health = health.HealthServicer()
        self.set_serving(True)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        names = (*_SERVICES, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, self._server, _reflection_pool())

    def start(self) -> None:
        """Listens and answers from now on.

        Raises:
            InputError: the port or the socket is taken.
        """
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.port = self._listen(f"{host}:{self.port}", "--port")
        if self._socket_path:
            self._listen(f"unix:{self._socket_path}", "--grpc_socket_path")
        self._server.start()

    def set_serving(self, serving: bool) -> None:
        """Tells health checks whether requests should be sent here."""
        status = _STATUSES.SERVING if serving else _STATUSES.NOT_SERVING
        for name in ("", *_SERVICES):
            self._health.set(name, status)

    def stop(self, grace_seconds: float = _GRACE_SECONDS) -> None:
        """Takes no further request, and returns when those under way are done.

        Args:
            grace_seconds: how long they may take; those left then are cancelled.
        """
        self._health.enter_graceful_shutdown()
        self._server.stop(grace_seconds).wait()
        self._executor.shutdown(wait=False)

    def _listen(self, address, option):
        try:
            if self._credentials is None:
                return self._server.add_insecure_port(address)
            return self._server.add_secure_port(address, self._credentials)
        except RuntimeError as error:
            raise InputError(
                f"A server needs a free address. Received: {address}, which cannot be "
                f"listened on. Give another `{option}`."
            ) from error


def read_channel_arguments(text: str) -> dict[str, int | str]:
    """Reads gRPC channel arguments as tensorflow_model_server takes them.

    Args:
        text: such as `grpc.max_connection_age_ms=2000,grpc.lb_policy_name=x`; what
            looks like a number is one.

    Raises:
        InputError: a part is not NAME=VALUE.
    """
    arguments = {}
    for part in filter(None, text.split(",")):
        name, equals, value = part.partition("=")
        if not (name and equals):
            raise InputError(
                "gRPC channel arguments must be NAME=VALUE, with commas between. "
                f"Received: {part!r}."
            )
        try:
            arguments[name] = int(value)
        except ValueError:
            arguments[name] = value
    return arguments


def _reflection_pool():
    """Our messages and those of the health and reflection services in one pool."""
    pool = DescriptorPool()
    files = [POOL.FindServiceByName(name).file for name in _SERVICES]
    for file in (*files, health_pb2.DESCRIPTOR, reflection_pb2.DESCRIPTOR):
        _add_with_dependencies(pool, file)
    return pool


def _add_with_dependencies(pool, file):
    for dependency in file.dependencies:
        _add_with_dependencies(pool, dependency)
    pool.AddSerializedFile(file.serialized_pb)
