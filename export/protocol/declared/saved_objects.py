"""The objects of a SavedModel: tensorflow/core/protobuf."""

from export.protocol.declare import File

FILES = (
    File(
        "tensorflow/core/framework/variable.proto",
        "tensorflow",
        imports=(),
        text="""
enum VariableSynchronization
    0 VARIABLE_SYNCHRONIZATION_AUTO, 1 VARIABLE_SYNCHRONIZATION_NONE,
    2 VARIABLE_SYNCHRONIZATION_ON_WRITE, 3 VARIABLE_SYNCHRONIZATION_ON_READ
enum VariableAggregation
    0 VARIABLE_AGGREGATION_NONE, 1 VARIABLE_AGGREGATION_SUM,
    2 VARIABLE_AGGREGATION_MEAN, 3 VARIABLE_AGGREGATION_ONLY_FIRST_REPLICA
message VariableDef
    1 string variable_name, 6 string initial_value_name, 2 string initializer_name,
    3 string snapshot_name, 4 SaveSliceInfoDef save_slice_info_def,
    5 bool is_resource, 7 bool trainable, 8 VariableSynchronization synchronization,
    9 VariableAggregation aggregation
message SaveSliceInfoDef
    1 string full_name, 2 int64* full_shape, 3 int64* var_offset, 4 int64* var_shape
""",
    ),
    File(
        "tensorflow/core/protobuf/struct.proto",
        "tensorflow",
        imports=(
            "tensorflow/core/framework/tensor.proto",
            "tensorflow/core/framework/tensor_shape.proto",
            "tensorflow/core/framework/types.proto",
        ),
        text="""
message StructuredValue
    1 NoneValue none_value @kind, 11 double float64_value @kind,
    12 sint64 int64_value @kind, 13 string string_value @kind,
    14 bool bool_value @kind, 31 TensorShapeProto tensor_shape_value @kind,
    32 DataType tensor_dtype_value @kind,
    33 TensorSpecProto tensor_spec_value @kind,
    34 TypeSpecProto type_spec_value @kind,
    35 BoundedTensorSpecProto bounded_tensor_spec_value @kind,
    51 ListValue list_value @kind, 52 TupleValue tuple_value @kind,
    53 DictValue dict_value @kind, 54 NamedTupleValue named_tuple_value @kind,
    55 TensorProto tensor_value @kind, 56 TensorProto numpy_value @kind
message NoneValue
message ListValue
    1 StructuredValue* values
message TupleValue
    1 StructuredValue* values
message DictValue
    1 {string StructuredValue} fields
message PairValue
    1 string key, 2 StructuredValue value
message NamedTupleValue
    1 string name, 2 PairValue* values
message TensorSpecProto
    1 string name, 2 TensorShapeProto shape, 3 DataType dtype
message BoundedTensorSpecProto
    1 string name, 2 TensorShapeProto shape, 3 DataType dtype,
    4 TensorProto minimum, 5 TensorProto maximum
message TypeSpecProto
    1 TypeSpecClass type_spec_class, 2 StructuredValue type_state,
    3 string type_spec_class_name, 4 int32 num_flat_components
enum TypeSpecProto.TypeSpecClass
    0 UNKNOWN, 1 SPARSE_TENSOR_SPEC, 2 INDEXED_SLICES_SPEC, 3 RAGGED_TENSOR_SPEC,
    4 TENSOR_ARRAY_SPEC, 5 DATA_DATASET_SPEC, 6 DATA_ITERATOR_SPEC, 7 OPTIONAL_SPEC,
    8 PER_REPLICA_SPEC, 9 VARIABLE_SPEC, 10 ROW_PARTITION_SPEC,
    12 REGISTERED_TYPE_SPEC, 13 EXTENSION_TYPE_SPEC
""",
    ),
    File(
        "tensorflow/core/protobuf/trackable_object_graph.proto",
        "tensorflow",
        imports=("google/protobuf/wrappers.proto",),
        text="""
message TrackableObjectGraph
    1 TrackableObject* nodes
message TrackableObjectGraph.TrackableObject
    1 ObjectReference* children, 2 SerializedTensor* attributes,
    3 SlotVariableReference* slot_variables, 4 RegisteredSaver registered_saver,
    5 google.protobuf.BoolValue has_checkpoint_values
message TrackableObjectGraph.TrackableObject.ObjectReference
    1 int32 node_id, 2 string local_name
message TrackableObjectGraph.TrackableObject.SerializedTensor
    1 string name, 2 string full_name, 3 string checkpoint_key
message TrackableObjectGraph.TrackableObject.SlotVariableReference
    1 int32 original_variable_node_id, 2 string slot_name,
    3 int32 slot_variable_node_id
message RegisteredSaver
    1 string name, 2 string object_name
""",
    ),
    File(
        "tensorflow/core/protobuf/saved_object_graph.proto",
        "tensorflow",
        imports=(
            "google/protobuf/any.proto",
            "tensorflow/core/framework/tensor_shape.proto",
            "tensorflow/core/framework/types.proto",
            "tensorflow/core/framework/variable.proto",
            "tensorflow/core/framework/versions.proto",
            "tensorflow/core/protobuf/struct.proto",
            "tensorflow/core/protobuf/trackable_object_graph.proto",
        ),
        text="""
message SavedObjectGraph
    1 SavedObject* nodes, 2 {string SavedConcreteFunction} concrete_functions
message SavedObject
    1 TrackableObjectGraph.TrackableObject.ObjectReference* children,
    15 TrackableObjectGraph.TrackableObject.ObjectReference* dependencies,
    3 TrackableObjectGraph.TrackableObject.SlotVariableReference* slot_variables,
    4 SavedUserObject user_object @kind, 5 SavedAsset asset @kind,
    6 SavedFunction function @kind, 7 SavedVariable variable @kind,
    8 SavedBareConcreteFunction bare_concrete_function @kind,
    9 SavedConstant constant @kind, 10 SavedResource resource @kind,
    12 CapturedTensor captured_tensor @kind,
    11 {string SaveableObject} saveable_objects, 13 string registered_name,
    14 google.protobuf.Any serialized_user_proto, 16 string registered_saver
message SavedUserObject
    1 string identifier, 2 VersionDef version, 3 string metadata
message SavedAsset
    1 int32 asset_file_def_index
message SavedFunction
    1 string* concrete_functions, 2 FunctionSpec function_spec
message CapturedTensor
    1 string name, 2 string concrete_function
message SavedConcreteFunction
    2 int32* bound_inputs, 3 StructuredValue canonicalized_input_signature,
    4 StructuredValue output_signature
message SavedBareConcreteFunction
    1 string concrete_function_name, 2 string* argument_keywords,
    3 int64 allowed_positional_arguments, 4 FunctionSpec function_spec
message SavedConstant
    1 string operation
message SavedVariable
    1 DataType dtype, 2 TensorShapeProto shape, 3 bool trainable,
    4 VariableSynchronization synchronization, 5 VariableAggregation aggregation,
    6 string name, 7 string device,
    8 SavedVariable* experimental_distributed_variable_components
message FunctionSpec
    1 StructuredValue fullargspec, 2 bool is_method,
    5 StructuredValue input_signature, 6 JitCompile jit_compile
enum FunctionSpec.JitCompile
    0 DEFAULT, 1 ON, 2 OFF
message SavedResource
    1 string device
message SaveableObject
    2 int32 save_function, 3 int32 restore_function
""",
    ),
)
