"""Tensors and what they are made of: tensorflow/core/framework."""

from export.protocol.declare import File

FILES = (
    File(
        "tensorflow/core/framework/types.proto",
        "tensorflow",
        imports=(),
        text="""
enum DataType
    0 DT_INVALID, 1 DT_FLOAT, 2 DT_DOUBLE, 3 DT_INT32, 4 DT_UINT8, 5 DT_INT16,
    6 DT_INT8, 7 DT_STRING, 8 DT_COMPLEX64, 9 DT_INT64, 10 DT_BOOL, 11 DT_QINT8,
    12 DT_QUINT8, 13 DT_QINT32, 14 DT_BFLOAT16, 15 DT_QINT16, 16 DT_QUINT16,
    17 DT_UINT16, 18 DT_COMPLEX128, 19 DT_HALF, 20 DT_RESOURCE, 21 DT_VARIANT,
    22 DT_UINT32, 23 DT_UINT64, 24 DT_FLOAT8_E5M2, 25 DT_FLOAT8_E4M3FN,
    26 DT_FLOAT8_E4M3FNUZ, 27 DT_FLOAT8_E4M3B11FNUZ, 28 DT_FLOAT8_E5M2FNUZ,
    29 DT_INT4, 30 DT_UINT4, 31 DT_INT2, 32 DT_UINT2, 33 DT_FLOAT4_E2M1FN,
    101 DT_FLOAT_REF, 102 DT_DOUBLE_REF, 103 DT_INT32_REF, 104 DT_UINT8_REF,
    105 DT_INT16_REF, 106 DT_INT8_REF, 107 DT_STRING_REF, 108 DT_COMPLEX64_REF,
    109 DT_INT64_REF, 110 DT_BOOL_REF, 111 DT_QINT8_REF, 112 DT_QUINT8_REF,
    113 DT_QINT32_REF, 114 DT_BFLOAT16_REF, 115 DT_QINT16_REF, 116 DT_QUINT16_REF,
    117 DT_UINT16_REF, 118 DT_COMPLEX128_REF, 119 DT_HALF_REF, 120 DT_RESOURCE_REF,
    121 DT_VARIANT_REF, 122 DT_UINT32_REF, 123 DT_UINT64_REF,
    124 DT_FLOAT8_E5M2_REF, 125 DT_FLOAT8_E4M3FN_REF, 126 DT_FLOAT8_E4M3FNUZ_REF,
    127 DT_FLOAT8_E4M3B11FNUZ_REF, 128 DT_FLOAT8_E5M2FNUZ_REF, 129 DT_INT4_REF,
    130 DT_UINT4_REF, 131 DT_INT2_REF, 132 DT_UINT2_REF, 133 DT_FLOAT4_E2M1FN_REF
""",
    ),
    File(
        "tensorflow/core/framework/tensor_shape.proto",
        "tensorflow",
        imports=(),
        text="""
message TensorShapeProto
    2 Dim* dim, 3 bool unknown_rank
message TensorShapeProto.Dim
    1 int64 size, 2 string name
""",
    ),
    File(
        "tensorflow/core/framework/resource_handle.proto",
        "tensorflow",
        imports=(
            "tensorflow/core/framework/tensor_shape.proto",
            "tensorflow/core/framework/types.proto",
        ),
        text="""
message ResourceHandleProto
    1 string device, 2 string container, 3 string name, 4 uint64 hash_code,
    5 string maybe_type_name, 6 DtypeAndShape* dtypes_and_shapes
message ResourceHandleProto.DtypeAndShape
    1 DataType dtype, 2 TensorShapeProto shape
""",
    ),
    File(
        "tensorflow/core/framework/tensor.proto",
        "tensorflow",
        imports=(
            "tensorflow/core/framework/resource_handle.proto",
            "tensorflow/core/framework/tensor_shape.proto",
            "tensorflow/core/framework/types.proto",
        ),
        text="""
message TensorProto
    1 DataType dtype, 2 TensorShapeProto tensor_shape, 3 int32 version_number,
    4 bytes tensor_content, 13 int32* half_val, 5 float* float_val,
    6 double* double_val, 7 int32* int_val, 8 bytes* string_val,
    9 float* scomplex_val, 10 int64* int64_val, 11 bool* bool_val,
    12 double* dcomplex_val, 14 ResourceHandleProto* resource_handle_val,
    15 VariantTensorDataProto* variant_val, 16 uint32* uint32_val,
    17 uint64* uint64_val, 18 bytes float8_val
message VariantTensorDataProto
    1 string type_name, 2 bytes metadata, 3 TensorProto* tensors
""",
    ),
    File(
        "tensorflow/core/framework/attr_value.proto",
        "tensorflow",
        imports=(
            "tensorflow/core/framework/tensor.proto",
            "tensorflow/core/framework/tensor_shape.proto",
            "tensorflow/core/framework/types.proto",
        ),
        text="""
message AttrValue
    2 bytes s @value, 3 int64 i @value, 4 float f @value, 5 bool b @value,
    6 DataType type @value, 7 TensorShapeProto shape @value,
    8 TensorProto tensor @value, 1 ListValue list @value,
    10 NameAttrList func @value, 9 string placeholder @value
message AttrValue.ListValue
    2 bytes* s, 3 int64* i, 4 float* f, 5 bool* b, 6 DataType* type,
    7 TensorShapeProto* shape, 8 TensorProto* tensor, 9 NameAttrList* func
message NameAttrList
    1 string name, 2 {string AttrValue} attr
""",
    ),
)
