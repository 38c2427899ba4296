"""The whole server: models, gRPC, REST and metrics, from start to stop."""

import logging
import os
import signal
import sys
import threading

from export.protocol import ModelServerConfig, MonitoringConfig
from export.runtime import Code, StatusError
from export.serve.config import read_text_proto, single_model_config
from export.serve.grpc_transport import GrpcServer, read_channel_arguments
from export.serve.loader import Loader
from export.serve.manager import Manager
from export.serve.memory import bound_kept_memory
from export.serve.metered import MeteredService
from export.serve.metrics import DEFAULT_PATH, Metrics
from export.serve.models import State
from export.serve.options import ServerOptions
from export.serve.rest import RestServer, make_app
from export.serve.service import Service
from export.serve.tls import read_server_credentials
from export.versions import list_versions
from mmtf.errors import InputError

_logger = logging.getLogger(__name__)
_GRACE_SECONDS = 10.0


class Server:
    """A server that loads its models, then listens, until it is stopped.

    As with tensorflow_model_server, nothing listens before every model has an
    available version.

    Args:
        options: its flags.

    Attributes:
        manager: loads and unloads models.
        port: of gRPC, once it is started.
        rest_port: of REST, once it is started; None without REST.

    Raises:
        InputError: the options name no model, or keys that cannot be used.
        StatusError: a file that they name cannot be used.
    """

    def __init__(self, options: ServerOptions):
        self._options = options
        self.port, self.rest_port = options.port, None
        self._grpc = self._rest = None
        self._lock = threading.Lock()
        self._stopped = False
        self._metrics = Metrics(lambda: self.manager.models.names())
        self._metrics_path = _metrics_path(options)
        self._credentials = None
        if options.ssl_config_file:
            self._credentials = read_server_credentials(options.ssl_config_file)
        self.manager = Manager(
            _model_config(options),
            load=Loader(options, self._metrics).load,
            file_system_poll_wait_seconds=options.file_system_poll_wait_seconds,
            max_num_load_retries=options.max_num_load_retries,
            load_retry_interval_micros=options.load_retry_interval_micros,
            num_load_threads=options.num_load_threads,
            num_unload_threads=options.num_unload_threads,
            allow_version_labels_for_unavailable_models=(
                options.allow_version_labels_for_unavailable_models
            ),
        )
        self._service = Service(
            self.manager.models,
            self.manager,
            enable_signature_method_name_check=options.enable_signature_method_name_check,
            enable_serialization_as_tensor_content=(
                options.enable_serialization_as_tensor_content
            ),
        )

    def start(self) -> None:
        """Loads the models, then listens; returns when it answers.

        Raises:
            InputError: a port is taken.
            StatusError: the configuration is refused, a model does not load, or
                `stop` was called meanwhile.
        """
        self.manager.start()
        self.manager.wait_until_available()
        with self._lock:
            if self._stopped:
                raise StatusError(Code.CANCELLED, "The server was stopped.")
            self._listen()

    def _listen(self):
        """Opens the ports; the lock is held, so that `stop` sees both or none."""
        if self._options.model_config_file_poll_wait_seconds > 0:
            self.manager.watch_config_file(
                self._options.model_config_file,
                self._options.model_config_file_poll_wait_seconds,
            )
        self._grpc = self._start_grpc()
        self.port = self._grpc.port
        if self._options.rest_api_port >= 0:
            self._rest = self._start_rest()
            self.rest_port = self._rest.port

    def stop(self) -> None:
        """Takes no further request, and returns when those under way are done.

        What still runs after ten seconds is cancelled.
        """
        with self._lock:
            self._stopped = True
            transports = [t for t in (self._grpc, self._rest) if t is not None]
        draining = [
            threading.Thread(target=transport.stop, args=(_GRACE_SECONDS,))
            for transport in transports
        ]
        for thread in draining:
            thread.start()
        for thread in draining:
            thread.join()
        if not self.manager.stop(_GRACE_SECONDS):
            _logger.warning("Requests still run; the models are left to them")

    def _start_grpc(self):
        options = self._options
        server = GrpcServer(
            MeteredService(self._service, self._metrics),
            host=options.host,
            port=options.port,
            socket_path=options.grpc_socket_path,
            credentials=self._credentials,
            channel_arguments=read_channel_arguments(options.grpc_channel_arguments),
            max_message_bytes=options.grpc_max_message_bytes,
            num_threads=options.grpc_max_threads,
        )
        server.start()
        return server

    def _start_rest(self):
        options = self._options
        app = make_app(
            self._service,
            metrics=self._metrics,
            metrics_path=self._metrics_path,
            timeout_seconds=options.rest_api_timeout_in_ms / 1000,
            max_body_bytes=options.rest_api_max_body_bytes,
            enable_cors_support=options.enable_cors_support,
        )
        return RestServer(
            app,
            host=options.host,
            port=options.rest_api_port,
            num_threads=options.rest_api_num_threads or None,
            max_body_bytes=options.rest_api_max_body_bytes,
        )


def start(model_folder: str, **options) -> Server:
    """Serves a model until the caller stops it.

    Args:
        model_folder: MODELS/NAME.
        options: fields of `ServerOptions`.

    Raises:
        InputError: there is no version to serve, or a port is taken.
        StatusError: the model does not load.
    """
    require_version(model_folder)
    path = os.path.abspath(model_folder)
    options = {"port": 0, "rest_api_port": 0, "max_num_load_retries": 0, **options}
    server = Server(ServerOptions(model_base_path=path, **options))
    try:
        server.start()
    except BaseException:
        server.stop()
        raise
    return server


def serve(options: ServerOptions) -> None:
    """Serves until the process is asked to end, by SIGINT (Ctrl-C) or SIGTERM.

    For development: production runs TensorFlow Serving itself.

    Raises:
        InputError: the server cannot be started; the words are the server's own.
    """
    bound_kept_memory()
    stopping = threading.Event()
    handlers = {
        number: signal.signal(number, lambda *_: stopping.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        server = Server(options)
        starting = _Starting(server, stopping)
        starting.start()
        stopping.wait()
        # A second signal ends the process as it would have without a server.
        _restore(handlers)
        server.stop()
        starting.join()
        starting.raise_if_failed()
    except StatusError as error:
        raise InputError(f"Failed to start server. Error: {error}") from error
    finally:
        _restore(handlers)


def _restore(handlers):
    for number, handler in handlers.items():
        signal.signal(number, handler)


class _Starting(threading.Thread):
    """Starts a server, aside from the main thread, which listens for signals."""

    def __init__(self, server, stopping):
        super().__init__(name="starting", daemon=True)
        self._server, self._stopping = server, stopping
        self._error = None

    def run(self):
        try:
            self._server.start()
        except BaseException as error:
            # An end that was asked for is no failure.
            if not self._stopping.is_set():
                self._error = error
            self._stopping.set()
        else:
            _announce(self._server)

    def raise_if_failed(self):
        if self._error is not None:
            raise self._error


def _announce(server):
    models = server.manager.models
    for name in models.names():
        numbers = [
            str(v.version) for v in models.versions(name) if v.state is State.AVAILABLE
        ]
        print(f"Serving {name}, version {', '.join(numbers)}.", file=sys.stderr)
    where = f"gRPC on port {server.port}"
    if server.rest_port is not None:
        where += f", REST on port {server.rest_port}"
    print(f"Listening: {where}.", file=sys.stderr, flush=True)


def require_version(model_folder: str) -> None:
    """Refuses a folder without a version, which a server would wait for for ever.

    Raises:
        InputError: the folder is missing or holds no version.
    """
    if not list_versions(model_folder):
        raise InputError(
            "A model must be a folder MODELS/NAME with a numbered version in it. "
            f"Received: {model_folder!r}, which has none. Write one with `mmtf export`."
        )


def _model_config(options) -> ModelServerConfig:
    if options.model_config_file:
        return read_text_proto(options.model_config_file, ModelServerConfig)
    if not options.model_base_path:
        raise InputError(
            "A server must be told what to serve. Received: nothing. Name a folder "
            "MODELS/NAME, `--model_base_path` or `--model_config_file`."
        )
    path = options.model_base_path
    name = options.model_name or os.path.basename(path.rstrip("/"))
    return single_model_config(name, path)


def _metrics_path(options) -> str | None:
    if not options.monitoring_config_file:
        return DEFAULT_PATH
    config = read_text_proto(options.monitoring_config_file, MonitoringConfig)
    if not config.prometheus_config.enable:
        return None
    return config.prometheus_config.path or DEFAULT_PATH
