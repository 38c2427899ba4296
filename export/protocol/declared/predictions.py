"""What PredictionService speaks: tensorflow_serving/apis."""

from export.protocol.declare import File

FILES = (
    File(
        "tensorflow_serving/apis/model.proto",
        "tensorflow.serving",
        imports=("google/protobuf/wrappers.proto",),
        text="""
message ModelSpec
    1 string name, 2 google.protobuf.Int64Value version @version_choice,
    4 string version_label @version_choice, 3 string signature_name
""",
    ),
    File(
        "tensorflow_serving/apis/input.proto",
        "tensorflow.serving",
        imports=("tensorflow/core/example/example.proto",),
        text="""
message ExampleList
    1 Example* examples
message ExampleListWithContext
    1 Example* examples, 2 Example context
message Input
    1 ExampleList example_list @kind,
    2 ExampleListWithContext example_list_with_context @kind
""",
    ),
    File(
        "tensorflow_serving/apis/predict.proto",
        "tensorflow.serving",
        imports=(
            "tensorflow/core/framework/tensor.proto",
            "tensorflow_serving/apis/model.proto",
        ),
        text="""
message PredictRequest
    1 ModelSpec model_spec, 2 {string TensorProto} inputs, 3 string* output_filter,
    5 PredictStreamedOptions predict_streamed_options, 6 bytes? client_id,
    7 RequestOptions? request_options
message PredictRequest.RequestOptions
    1 bytes? client_id, 2 DeterministicMode? deterministic_mode,
    3 bool? return_additional_arrays_from_prefill, 4 int64* return_stoptokens,
    9 bool? return_all_stoptokens, 6 int64? max_cache_length,
    13 Handshake? handshake
enum PredictRequest.RequestOptions.DeterministicMode
    0 DETERMINISTIC_MODE_UNSPECIFIED, 1 FIXED_DECODER_SLOT
message PredictRequest.RequestOptions.Handshake
    1 int64 estimated_payload_bytes
message PredictStreamedOptions
    1 RequestState request_state, 2 {string int32} split_dimensions,
    3 bool return_single_response
enum PredictStreamedOptions.RequestState
    0 NONE, 1 SPLIT, 2 END_SPLIT, 3 CANCEL
message PredictResponse
    2 ModelSpec model_spec, 1 {string TensorProto} outputs
""",
    ),
    File(
        "tensorflow_serving/apis/classification.proto",
        "tensorflow.serving",
        imports=(
            "tensorflow_serving/apis/input.proto",
            "tensorflow_serving/apis/model.proto",
        ),
        text="""
message Class
    1 string label, 2 float score
message Classifications
    1 Class* classes
message ClassificationResult
    1 Classifications* classifications
message ClassificationRequest
    1 ModelSpec model_spec, 2 Input input
message ClassificationResponse
    2 ModelSpec model_spec, 1 ClassificationResult result
""",
    ),
    File(
        "tensorflow_serving/apis/regression.proto",
        "tensorflow.serving",
        imports=(
            "tensorflow_serving/apis/input.proto",
            "tensorflow_serving/apis/model.proto",
        ),
        text="""
message Regression
    1 float value
message RegressionResult
    1 Regression* regressions
message RegressionRequest
    1 ModelSpec model_spec, 2 Input input
message RegressionResponse
    2 ModelSpec model_spec, 1 RegressionResult result
""",
    ),
    File(
        "tensorflow_serving/apis/inference.proto",
        "tensorflow.serving",
        imports=(
            "tensorflow_serving/apis/classification.proto",
            "tensorflow_serving/apis/input.proto",
            "tensorflow_serving/apis/model.proto",
            "tensorflow_serving/apis/regression.proto",
        ),
        text="""
message InferenceTask
    1 ModelSpec model_spec, 2 string method_name
message InferenceResult
    1 ModelSpec model_spec, 2 ClassificationResult classification_result @result,
    3 RegressionResult regression_result @result
message MultiInferenceRequest
    1 InferenceTask* tasks, 2 Input input
message MultiInferenceResponse
    1 InferenceResult* results
""",
    ),
    File(
        "tensorflow_serving/apis/get_model_metadata.proto",
        "tensorflow.serving",
        imports=(
            "google/protobuf/any.proto",
            "tensorflow/core/protobuf/meta_graph.proto",
            "tensorflow_serving/apis/model.proto",
        ),
        text="""
message SignatureDefMap
    1 {string SignatureDef} signature_def
message GetModelMetadataRequest
    1 ModelSpec model_spec, 2 string* metadata_field
message GetModelMetadataResponse
    1 ModelSpec model_spec, 2 {string google.protobuf.Any} metadata
""",
    ),
    File(
        "tensorflow_serving/apis/prediction_service.proto",
        "tensorflow.serving",
        imports=(
            "tensorflow_serving/apis/classification.proto",
            "tensorflow_serving/apis/get_model_metadata.proto",
            "tensorflow_serving/apis/inference.proto",
            "tensorflow_serving/apis/predict.proto",
            "tensorflow_serving/apis/regression.proto",
        ),
        text="""
service PredictionService
    Classify ClassificationRequest ClassificationResponse,
    Regress RegressionRequest RegressionResponse,
    Predict PredictRequest PredictResponse,
    MultiInference MultiInferenceRequest MultiInferenceResponse,
    GetModelMetadata GetModelMetadataRequest GetModelMetadataResponse
""",
    ),
)
