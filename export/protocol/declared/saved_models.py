"""SavedModels and their signatures: tensorflow/core/protobuf."""

from export.protocol.declare import File

FILES = (
    File(
        "tensorflow/core/protobuf/saver.proto",
        "tensorflow",
        imports=(),
        text="""
message SaverDef
    1 string filename_tensor_name, 2 string save_tensor_name,
    3 string restore_op_name, 4 int32 max_to_keep, 5 bool sharded,
    6 float keep_checkpoint_every_n_hours, 7 CheckpointFormatVersion version
enum SaverDef.CheckpointFormatVersion
    0 LEGACY, 1 V1, 2 V2
""",
    ),
    File(
        "tensorflow/core/protobuf/meta_graph.proto",
        "tensorflow",
        imports=(
            "google/protobuf/any.proto",
            "tensorflow/core/framework/graph.proto",
            "tensorflow/core/framework/op_def.proto",
            "tensorflow/core/framework/tensor.proto",
            "tensorflow/core/framework/tensor_shape.proto",
            "tensorflow/core/framework/types.proto",
            "tensorflow/core/protobuf/saved_object_graph.proto",
            "tensorflow/core/protobuf/saver.proto",
            "tensorflow/core/protobuf/struct.proto",
        ),
        text="""
message MetaGraphDef
    1 MetaInfoDef meta_info_def, 2 GraphDef graph_def, 3 SaverDef saver_def,
    4 {string CollectionDef} collection_def, 5 {string SignatureDef} signature_def,
    6 AssetFileDef* asset_file_def, 7 SavedObjectGraph object_graph_def
message MetaGraphDef.MetaInfoDef
    1 string meta_graph_version, 2 OpList stripped_op_list,
    3 google.protobuf.Any any_info, 4 string* tags, 5 string tensorflow_version,
    6 string tensorflow_git_version, 7 bool stripped_default_attrs,
    8 {string string} function_aliases
message CollectionDef
    1 NodeList node_list @kind, 2 BytesList bytes_list @kind,
    3 Int64List int64_list @kind, 4 FloatList float_list @kind,
    5 AnyList any_list @kind
message CollectionDef.NodeList
    1 string* value
message CollectionDef.BytesList
    1 bytes* value
message CollectionDef.Int64List
    1 int64* value
message CollectionDef.FloatList
    1 float* value
message CollectionDef.AnyList
    1 google.protobuf.Any* value
message TensorInfo
    1 string name @encoding, 4 CooSparse coo_sparse @encoding,
    5 CompositeTensor composite_tensor @encoding, 2 DataType dtype,
    3 TensorShapeProto tensor_shape
message TensorInfo.CooSparse
    1 string values_tensor_name, 2 string indices_tensor_name,
    3 string dense_shape_tensor_name
message TensorInfo.CompositeTensor
    1 TypeSpecProto type_spec, 2 TensorInfo* components
message SignatureDef
    1 {string TensorInfo} inputs, 2 {string TensorInfo} outputs,
    3 string method_name, 4 {string TensorProto} defaults
message AssetFileDef
    1 TensorInfo tensor_info, 2 string filename
""",
    ),
    File(
        "tensorflow/core/protobuf/saved_model.proto",
        "tensorflow",
        imports=("tensorflow/core/protobuf/meta_graph.proto",),
        text="""
message SavedModel
    1 int64 saved_model_schema_version, 2 MetaGraphDef* meta_graphs
""",
    ),
)
