"""TensorProto to NumPy and back, as TensorFlow Serving does it."""

import numpy as np
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2, types_pb2

_FIELDS = {
    tf.float16: "half_val", tf.bfloat16: "half_val", tf.float32: "float_val",
    tf.float64: "double_val", tf.bool: "bool_val", tf.string: "string_val",
    tf.int8: "int_val", tf.int16: "int_val", tf.int32: "int_val",
    tf.uint8: "int_val", tf.uint16: "int_val", tf.int64: "int64_val",
    tf.uint32: "uint32_val", tf.uint64: "uint64_val",
}  # fmt: skip


def to_array(proto: tensor_pb2.TensorProto) -> np.ndarray:
    """Reads a tensor from either of a TensorProto's encodings.

    Raises:
        ValueError: type, shape and content do not go together.
    """
    # The op is the server's own reader; tf.make_ndarray refuses strings in
    # tensor_content, and some of what the server fills up by repetition.
    try:
        dtype = tf.as_dtype(proto.dtype)
        tensor = tf.io.parse_tensor(proto.SerializeToString(), dtype)
        return np.asarray(tensor.numpy(), dtype.as_numpy_dtype)
    except (tf.errors.OpError, TypeError) as error:
        raise ValueError(str(error)) from error


def to_proto(array: np.ndarray) -> tensor_pb2.TensorProto:
    """Writes an array to the field of its type, not to `tensor_content`."""
    dtype = tf.as_dtype(array.dtype)
    proto = tensor_pb2.TensorProto(
        dtype=dtype.as_datatype_enum,
        tensor_shape=tf.TensorShape(array.shape).as_proto(),
    )
    if dtype in (tf.float16, tf.bfloat16):
        array = array.view(np.uint16)
    getattr(proto, _FIELDS[dtype]).extend(array.ravel().tolist())
    return proto


def type_name(dtype: int) -> str:
    """A DataType's name in the server's messages, such as `float`."""
    return types_pb2.DataType.Name(dtype).removeprefix("DT_").lower()
