"""Graphs, their functions and ops: tensorflow/core/framework."""

from export.protocol.declare import File

FILES = (
    File(
        "tensorflow/core/framework/full_type.proto",
        "tensorflow",
        imports=(),
        text="""
enum FullTypeId
    0 TFT_UNSET, 1 TFT_VAR, 2 TFT_ANY, 3 TFT_PRODUCT, 4 TFT_NAMED, 20 TFT_FOR_EACH,
    100 TFT_CALLABLE, 1000 TFT_TENSOR, 1001 TFT_ARRAY, 1002 TFT_OPTIONAL,
    1003 TFT_LITERAL, 1004 TFT_ENCODED, 1005 TFT_SHAPE_TENSOR, 200 TFT_BOOL,
    201 TFT_UINT8, 202 TFT_UINT16, 203 TFT_UINT32, 204 TFT_UINT64, 205 TFT_INT8,
    206 TFT_INT16, 207 TFT_INT32, 208 TFT_INT64, 209 TFT_HALF, 210 TFT_FLOAT,
    211 TFT_DOUBLE, 215 TFT_BFLOAT16, 212 TFT_COMPLEX64, 213 TFT_COMPLEX128,
    214 TFT_STRING, 10102 TFT_DATASET, 10103 TFT_RAGGED, 10104 TFT_ITERATOR,
    10202 TFT_MUTEX_LOCK, 10203 TFT_LEGACY_VARIANT
message FullTypeDef
    1 FullTypeId type_id, 2 FullTypeDef* args, 3 string s @attr, 4 int64 i @attr
""",
    ),
    File(
        "tensorflow/core/framework/node_def.proto",
        "tensorflow",
        imports=(
            "tensorflow/core/framework/attr_value.proto",
            "tensorflow/core/framework/full_type.proto",
        ),
        text="""
message NodeDef
    1 string name, 2 string op, 3 string* input, 4 string device,
    5 {string AttrValue} attr, 6 ExperimentalDebugInfo experimental_debug_info,
    7 FullTypeDef experimental_type
message NodeDef.ExperimentalDebugInfo
    1 string* original_node_names, 2 string* original_func_names
""",
    ),
    File(
        "tensorflow/core/framework/op_def.proto",
        "tensorflow",
        imports=(
            "tensorflow/core/framework/attr_value.proto",
            "tensorflow/core/framework/full_type.proto",
            "tensorflow/core/framework/resource_handle.proto",
            "tensorflow/core/framework/types.proto",
        ),
        text="""
message OpDef
    1 string name, 2 ArgDef* input_arg, 3 ArgDef* output_arg,
    20 string* control_output, 4 AttrDef* attr, 8 OpDeprecation deprecation,
    5 string summary, 6 string description, 18 bool is_commutative,
    16 bool is_aggregate, 17 bool is_stateful, 19 bool allows_uninitialized_input,
    21 bool is_distributed_communication
message OpDef.ArgDef
    1 string name, 2 string description, 3 DataType type, 4 string type_attr,
    5 string number_attr, 6 string type_list_attr,
    7 ResourceHandleProto.DtypeAndShape* handle_data, 16 bool is_ref,
    17 FullTypeDef experimental_full_type
message OpDef.AttrDef
    1 string name, 2 string type, 3 AttrValue default_value, 4 string description,
    5 bool has_minimum, 6 int64 minimum, 7 AttrValue allowed_values
message OpDeprecation
    1 int32 version, 2 string explanation
message OpList
    1 OpDef* op
""",
    ),
    File(
        "tensorflow/core/framework/function.proto",
        "tensorflow",
        imports=(
            "tensorflow/core/framework/attr_value.proto",
            "tensorflow/core/framework/node_def.proto",
            "tensorflow/core/framework/op_def.proto",
        ),
        text="""
message FunctionDefLibrary
    1 FunctionDef* function, 2 GradientDef* gradient,
    3 RegisteredGradient* registered_gradients
message FunctionDef
    1 OpDef signature, 5 {string AttrValue} attr, 7 {uint32 ArgAttrs} arg_attr,
    8 {uint32 uint32} resource_arg_unique_id, 3 NodeDef* node_def,
    4 {string string} ret, 6 {string string} control_ret
message FunctionDef.ArgAttrs
    1 {string AttrValue} attr
message GradientDef
    1 string function_name, 2 string gradient_func
message RegisteredGradient
    1 string gradient_func, 2 string registered_op_type
""",
    ),
    File(
        "tensorflow/core/framework/versions.proto",
        "tensorflow",
        imports=(),
        text="""
message VersionDef
    1 int32 producer, 2 int32 min_consumer, 3 int32* bad_consumers
""",
    ),
    File(
        "tensorflow/core/framework/graph_debug_info.proto",
        "tensorflow",
        imports=(),
        syntax="proto2",
        text="""
message GraphDebugInfo
    1 string* files, 4 {fixed64 FileLineCol} frames_by_id,
    6 {fixed64 StackTrace} traces_by_id, 2 {string StackTrace} traces,
    5 {string fixed64} name_to_trace_id
message GraphDebugInfo.FileLineCol
    1 int32 file_index, 2 int32 line, 3 int32 col, 4 string func, 5 string code
message GraphDebugInfo.StackTrace
    1 GraphDebugInfo.FileLineCol* file_line_cols, 2 fixed64* frame_id packed
""",
    ),
    File(
        "tensorflow/core/framework/graph.proto",
        "tensorflow",
        imports=(
            "tensorflow/core/framework/function.proto",
            "tensorflow/core/framework/graph_debug_info.proto",
            "tensorflow/core/framework/node_def.proto",
            "tensorflow/core/framework/versions.proto",
        ),
        text="""
message GraphDef
    1 NodeDef* node, 4 VersionDef versions, 3 int32 version,
    2 FunctionDefLibrary library, 5 GraphDebugInfo debug_info
""",
    ),
    File(
        "tensorflow/core/framework/kernel_def.proto",
        "tensorflow",
        imports=("tensorflow/core/framework/attr_value.proto",),
        text="""
message KernelDef
    1 string op, 2 string device_type, 3 AttrConstraint* constraint,
    4 string* host_memory_arg, 5 string label, 6 int32 priority
message KernelDef.AttrConstraint
    1 string name, 2 AttrValue allowed_values
message KernelList
    1 KernelDef* kernel
""",
    ),
)
