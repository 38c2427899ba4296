"""What ModelService speaks, and the server's files: tensorflow_serving."""

from export.protocol.declare import File

FILES = (
    File(
        "tensorflow_serving/apis/status.proto",
        "tensorflow.serving",
        imports=("tensorflow/core/protobuf/error_codes.proto",),
        text="""
message StatusProto
    1 error.Code error_code same in JSON, 2 string error_message same in JSON
""",
    ),
    File(
        "tensorflow_serving/apis/get_model_status.proto",
        "tensorflow.serving",
        imports=(
            "tensorflow_serving/apis/model.proto",
            "tensorflow_serving/apis/status.proto",
        ),
        text="""
message GetModelStatusRequest
    1 ModelSpec model_spec
message ModelVersionStatus
    1 int64 version, 2 State state, 3 StatusProto status
enum ModelVersionStatus.State
    0 UNKNOWN, 10 START, 20 LOADING, 30 AVAILABLE, 40 UNLOADING, 50 END
message GetModelStatusResponse
    1 ModelVersionStatus* model_version_status same in JSON
""",
    ),
    File(
        "tensorflow_serving/config/file_system_storage_path_source.proto",
        "tensorflow.serving",
        imports=(),
        text="""
message FileSystemStoragePathSourceConfig
    5 ServableToMonitor* servables, 3 int64 file_system_poll_wait_seconds,
    4 bool fail_if_zero_versions_at_startup, 6 bool servable_versions_always_present
message FileSystemStoragePathSourceConfig.ServableVersionPolicy
    100 Latest latest @policy_choice, 101 All all @policy_choice,
    102 Specific specific @policy_choice
message FileSystemStoragePathSourceConfig.ServableVersionPolicy.Latest
    1 uint32 num_versions
message FileSystemStoragePathSourceConfig.ServableVersionPolicy.All
message FileSystemStoragePathSourceConfig.ServableVersionPolicy.Specific
    1 int64* versions
message FileSystemStoragePathSourceConfig.ServableToMonitor
    1 string servable_name, 2 string base_path,
    4 FileSystemStoragePathSourceConfig.ServableVersionPolicy servable_version_policy
""",
    ),
    File(
        "tensorflow_serving/config/log_collector_config.proto",
        "tensorflow.serving",
        imports=(),
        text="""
message LogCollectorConfig
    1 string type, 2 string filename_prefix
""",
    ),
    File(
        "tensorflow_serving/config/logging_config.proto",
        "tensorflow.serving",
        imports=(
            "google/protobuf/any.proto",
            "tensorflow_serving/config/log_collector_config.proto",
        ),
        text="""
message PerTaskSamplingConfig
    1 string dc, 2 int32? task_index, 3 double sampling_rate
message SamplingConfig
    1 double sampling_rate, 3 PerTaskSamplingConfig* per_task_sampling_configs,
    2 int32 attributes
enum SamplingConfig.Attributes
    0 ATTR_DEFAULT, 1 ATTR_REQUEST_ORIGIN, 2 ATTR_REQUEST_CRITICALITY
message LoggingConfig
    1 LogCollectorConfig log_collector_config, 2 SamplingConfig sampling_config,
    3 google.protobuf.Any custom_logging_config
""",
    ),
    File(
        "tensorflow_serving/config/model_server_config.proto",
        "tensorflow.serving",
        imports=(
            "google/protobuf/any.proto",
            "tensorflow_serving/config/file_system_storage_path_source.proto",
            "tensorflow_serving/config/logging_config.proto",
        ),
        text="""
enum ModelType
    0 MODEL_TYPE_UNSPECIFIED, 1 TENSORFLOW, 2 OTHER
message ModelConfig
    1 string name, 2 string base_path, 3 ModelType model_type,
    4 string model_platform,
    7 FileSystemStoragePathSourceConfig.ServableVersionPolicy model_version_policy,
    8 {string int64} version_labels, 6 LoggingConfig logging_config
message ModelConfigList
    1 ModelConfig* config
message ModelServerConfig
    1 ModelConfigList model_config_list @config,
    2 google.protobuf.Any custom_model_config @config
""",
    ),
    File(
        "tensorflow_serving/config/platform_config.proto",
        "tensorflow.serving",
        imports=("google/protobuf/any.proto",),
        text="""
message PlatformConfig
    1 google.protobuf.Any source_adapter_config
message PlatformConfigMap
    1 {string PlatformConfig} platform_configs
""",
    ),
    File(
        "tensorflow_serving/apis/model_management.proto",
        "tensorflow.serving",
        imports=(
            "tensorflow_serving/apis/status.proto",
            "tensorflow_serving/config/model_server_config.proto",
        ),
        text="""
message ReloadConfigRequest
    1 ModelServerConfig config, 2 string* metric_names
message ReloadConfigResponse
    1 StatusProto status, 2 Metric* metric
message Metric
    1 string name, 2 int64 int64_value_increase @value_increase
""",
    ),
    File(
        "tensorflow_serving/apis/model_service.proto",
        "tensorflow.serving",
        imports=(
            "tensorflow_serving/apis/get_model_status.proto",
            "tensorflow_serving/apis/model_management.proto",
        ),
        text="""
service ModelService
    GetModelStatus GetModelStatusRequest GetModelStatusResponse,
    HandleReloadConfigRequest ReloadConfigRequest ReloadConfigResponse
""",
    ),
    File(
        "tensorflow_serving/config/monitoring_config.proto",
        "tensorflow.serving",
        imports=(),
        text="""
message PrometheusConfig
    1 bool enable, 2 string path
message MonitoringConfig
    1 PrometheusConfig prometheus_config
""",
    ),
    File(
        "tensorflow_serving/config/ssl_config.proto",
        "tensorflow.serving",
        imports=(),
        text="""
message SSLConfig
    1 string server_key, 2 string server_cert, 3 string custom_ca,
    4 bool client_verify
""",
    ),
    File(
        "tensorflow_serving/servables/tensorflow/session_bundle_config.proto",
        "tensorflow.serving",
        imports=("google/protobuf/wrappers.proto",),
        text="""
message BatchingParameters
    1 google.protobuf.Int64Value max_batch_size,
    2 google.protobuf.Int64Value batch_timeout_micros,
    3 google.protobuf.Int64Value max_enqueued_batches,
    4 google.protobuf.Int64Value num_batch_threads,
    5 google.protobuf.StringValue thread_pool_name, 6 int64* allowed_batch_sizes,
    7 bool pad_variable_length_inputs,
    8 google.protobuf.BoolValue enable_large_batch_splitting,
    9 google.protobuf.Int64Value max_execution_batch_size
""",
    ),
)
