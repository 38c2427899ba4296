"""Logged requests, which warm-up records are: tensorflow_serving/apis."""

from export.protocol.declare import File

FILES = (
    File(
        "tensorflow_serving/apis/logging.proto",
        "tensorflow.serving",
        imports=(
            "tensorflow_serving/apis/model.proto",
            "tensorflow_serving/config/logging_config.proto",
        ),
        text="""
message LogMetadata
    1 ModelSpec model_spec, 2 SamplingConfig sampling_config,
    3 string* saved_model_tags, 4 int64 timestamp_secs, 5 string dc,
    6 string request_origin, 7 string request_criticality,
    8 int64 safe_aggregation_privacy_key
""",
    ),
    File(
        "tensorflow_serving/apis/session_service.proto",
        "tensorflow.serving",
        imports=(
            "tensorflow/core/protobuf/config.proto",
            "tensorflow/core/protobuf/named_tensor.proto",
            "tensorflow_serving/apis/model.proto",
        ),
        text="""
message SessionRunRequest
    1 ModelSpec model_spec, 2 NamedTensorProto* feed, 3 string* fetch,
    4 string* target, 6 bool tensor_name_is_alias, 5 RunOptions options
message SessionRunResponse
    3 ModelSpec model_spec, 1 NamedTensorProto* tensor
service SessionService
    SessionRun SessionRunRequest SessionRunResponse
""",
    ),
    File(
        "tensorflow_serving/apis/prediction_log.proto",
        "tensorflow.serving",
        imports=(
            "tensorflow_serving/apis/classification.proto",
            "tensorflow_serving/apis/inference.proto",
            "tensorflow_serving/apis/logging.proto",
            "tensorflow_serving/apis/predict.proto",
            "tensorflow_serving/apis/regression.proto",
            "tensorflow_serving/apis/session_service.proto",
        ),
        text="""
message ClassifyLog
    1 ClassificationRequest request, 2 ClassificationResponse response
message RegressLog
    1 RegressionRequest request, 2 RegressionResponse response
message PredictLog
    1 PredictRequest request, 2 PredictResponse response
message PredictStreamedLog
    1 PredictRequest* request, 2 PredictResponse* response
message MultiInferenceLog
    1 MultiInferenceRequest request, 2 MultiInferenceResponse response
message SessionRunLog
    1 SessionRunRequest request, 2 SessionRunResponse response
message PredictionLog
    1 LogMetadata log_metadata, 2 ClassifyLog classify_log @log_type,
    3 RegressLog regress_log @log_type, 6 PredictLog predict_log @log_type,
    7 PredictStreamedLog predict_streamed_log @log_type,
    4 MultiInferenceLog multi_inference_log @log_type,
    5 SessionRunLog session_run_log @log_type
""",
    ),
)
