"""Examples, and error codes: tensorflow/core."""

from export.protocol.declare import File

FILES = (
    File(
        "tensorflow/core/example/feature.proto",
        "tensorflow",
        imports=(),
        text="""
message BytesList
    1 bytes* value
message FloatList
    1 float* value
message Int64List
    1 int64* value
message Feature
    1 BytesList bytes_list @kind, 2 FloatList float_list @kind,
    3 Int64List int64_list @kind
message Features
    1 {string Feature} feature
message FeatureList
    1 Feature* feature
message FeatureLists
    1 {string FeatureList} feature_list
""",
    ),
    File(
        "tensorflow/core/example/example.proto",
        "tensorflow",
        imports=("tensorflow/core/example/feature.proto",),
        text="""
message Example
    1 Features features
message SequenceExample
    1 Features context, 2 FeatureLists feature_lists
""",
    ),
    File(
        "xla/tsl/protobuf/error_codes.proto",
        "tensorflow.error",
        imports=(),
        text="""
enum Code
    0 OK, 1 CANCELLED, 2 UNKNOWN, 3 INVALID_ARGUMENT, 4 DEADLINE_EXCEEDED,
    5 NOT_FOUND, 6 ALREADY_EXISTS, 7 PERMISSION_DENIED, 16 UNAUTHENTICATED,
    8 RESOURCE_EXHAUSTED, 9 FAILED_PRECONDITION, 10 ABORTED, 11 OUT_OF_RANGE,
    12 UNIMPLEMENTED, 13 INTERNAL, 14 UNAVAILABLE, 15 DATA_LOSS,
    20 DO_NOT_USE_RESERVED_FOR_FUTURE_EXPANSION_USE_DEFAULT_IN_SWITCH_INSTEAD_
""",
    ),
    File(
        "tensorflow/core/protobuf/error_codes.proto",
        "tensorflow.error.dummy",
        imports=(),
        public_imports=("xla/tsl/protobuf/error_codes.proto",),
        text="",
    ),
)
