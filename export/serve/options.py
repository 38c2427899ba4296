"""What the server can be told, under the names of tensorflow_model_server's flags.

See tensorflow_serving/model_servers/main.cc; a flag that is not here belongs to a
feature that this server does not have (docs/serving.md lists them).
"""

from dataclasses import dataclass

from mmtf.errors import InputError


@dataclass(frozen=True, kw_only=True)
class ServerOptions:
    """The flags; docs/protocol.md says which defaults are not the stock server's."""

    host: str = "127.0.0.1"
    """Address to listen on. The server for production listens on all of them."""
    port: int = 8500
    """Of gRPC; 0 picks a free one."""
    rest_api_port: int = 8501
    """Of REST and the metrics; 0 picks a free one, -1 leaves both out."""
    grpc_socket_path: str = ""
    """A UNIX socket for gRPC as well."""
    ssl_config_file: str = ""
    """An SSLConfig in text format: gRPC speaks TLS. REST stays plain."""
    grpc_channel_arguments: str = ""
    """Such as `grpc.max_connection_age_ms=2000`, with commas between."""
    grpc_max_threads: int = 64
    """Calls worked on at once; others wait."""
    grpc_max_message_bytes: int = 2**31 - 1
    """Longest request."""
    rest_api_num_threads: int = 0
    """Requests worked on at once; 0: four for each core."""
    rest_api_timeout_in_ms: int = 30000
    """How long a REST request's computation may take."""
    rest_api_max_body_bytes: int = 2**27
    """Longest request, as sent and when unpacked."""
    enable_cors_support: bool = False
    """Lets web pages of other sites call the REST API."""
    model_name: str = ""
    """What requests call the model; the folder's name when left out."""
    model_base_path: str = ""
    """Absolute path of MODELS/NAME, in place of the word MODELS/NAME."""
    model_config_file: str = ""
    """A ModelServerConfig in text format, for several models."""
    model_config_file_poll_wait_seconds: float = 0
    """How often that file is read again; 0: never."""
    file_system_poll_wait_seconds: float = 1
    """How often base paths are looked at; 0: once."""
    max_num_load_retries: int = 5
    """Tries to load a version after the first."""
    load_retry_interval_micros: int = 60_000_000
    """Time between those tries."""
    num_load_threads: int = 0
    """Versions that load at one time, once the server runs; 0 means 1."""
    num_unload_threads: int = 0
    """Versions that close at one time; 0 means 1."""
    allow_version_labels_for_unavailable_models: bool = False
    """Whether a new label may name a version that is not available yet."""
    enable_model_warmup: bool = True
    """Whether a version answers its recorded requests before it is available."""
    num_request_iterations_for_warmup: int = 1
    """How often each of them is answered."""
    enable_batching: bool = False
    """Runs requests that arrive together as one."""
    batching_parameters_file: str = ""
    """BatchingParameters in text format."""
    enable_per_model_batching_parameters: bool = False
    """Takes them from `batching_params.pbtxt` of a version, if it has one."""
    monitoring_config_file: str = ""
    """A MonitoringConfig in text format; without, metrics are at the usual path."""
    enable_signature_method_name_check: bool = False
    """Refuses Classify and Regress on signatures of another kind."""
    enable_serialization_as_tensor_content: bool = False
    """Answers Predict in `tensor_content` in place of typed fields."""
    tensorflow_intra_op_parallelism: int = 0
    """Threads within one operation; 0: one a core."""
    tensorflow_inter_op_parallelism: int = 0
    """Operations at one time; likewise."""

    def __post_init__(self):
        self._require_range("port", 0, 65535)
        self._require_range("rest_api_port", -1, 65535)
        self._require_range("grpc_max_threads", 1)
        self._require_range("rest_api_num_threads", 0)
        if self.batching_parameters_file and not self.enable_batching:
            raise InputError(
                "`--batching_parameters_file` goes with batching. Received: the file "
                "alone. Add `--enable_batching`."
            )
        if self.enable_per_model_batching_parameters and not self.enable_batching:
            raise InputError(
                "`--enable_per_model_batching_parameters` goes with batching. "
                "Received: the flag alone. Add `--enable_batching`."
            )
        if self.model_config_file_poll_wait_seconds and not self.model_config_file:
            raise InputError(
                "`--model_config_file_poll_wait_seconds` goes with a file. Received: "
                "the flag alone. Add `--model_config_file`."
            )
        if self.model_config_file and (self.model_base_path or self.model_name):
            raise InputError(
                "Models are named either by `--model_config_file` or by a folder. "
                "Received: both. Leave one out."
            )

    def _require_range(self, name, least, most=None):
        value = getattr(self, name)
        if value < least or (most is not None and value > most):
            rule = f"{least} or more" if most is None else f"from {least} to {most}"
            raise InputError(f"`--{name}` must be {rule}. Received: {value}.")
