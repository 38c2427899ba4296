import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2

from export.protocol import DataType, TensorProto
from export.protocol.tensors import (
    to_array,
    to_proto,
    to_proto_content,
    type_name,
)

ARRAYS = [
    np.array([[0.5, -1.5]], np.float32),
    np.array([[0.5, -1.5]], np.float16),
    np.array([0.5, np.inf], np.float64),
    np.array([True, False]),
    np.array([-3, 4], np.int8),
    np.array([-3, 4], np.int16),
    np.array([-(2**31), 4], np.int32),
    np.array([[-3], [4]], np.int64),
    np.array([3, 255], np.uint8),
    np.array([3, 65535], np.uint16),
    np.array([3, 2**31], np.uint32),
    np.array([3, 2**63], np.uint64),
    np.array([1 + 2j, -3j], np.complex64),
    np.array([[1 + 2j], [-3j]], np.complex128),
    np.array([b"a", b"", b"\xff\x00", b"x" * 300], object),
    np.array(7, np.int32),
    np.zeros((0, 2), np.float32),
    np.arange(12, dtype=np.float32).reshape(3, 4).T,
    np.array([1, 2], ">i4"),
    tf.constant([1.5, -2.0], tf.bfloat16).numpy(),
]


def official(proto):
    return tensor_pb2.TensorProto.FromString(proto.SerializeToString())


def parse(proto):
    """TensorFlow's own reader."""
    dtype = tf.as_dtype(proto.dtype)
    return tf.io.parse_tensor(proto.SerializeToString(), dtype).numpy()


def proto_of(dtype, shape, **fields):
    proto = TensorProto(dtype=dtype, **fields)
    for size in shape:
        proto.tensor_shape.dim.add(size=size)
    return proto


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: array.dtype.name)
def test_arrays_survive_both_ways(array):
    proto = to_proto(array)

    assert not proto.tensor_content
    np.testing.assert_array_equal(to_array(proto), array)
    np.testing.assert_array_equal(tf.make_ndarray(official(proto)), array)
    np.testing.assert_array_equal(parse(proto), array)
    assert to_array(proto).dtype == array.dtype.newbyteorder("=")


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: array.dtype.name)
def test_arrays_survive_as_content_too(array):
    proto = to_proto_content(array)

    assert [field.name for field, _ in proto.ListFields()] == [
        "dtype", "tensor_shape", *(["tensor_content"] if array.size else []),
    ]  # fmt: skip
    np.testing.assert_array_equal(to_array(proto), array)
    np.testing.assert_array_equal(parse(proto), array)


def test_what_tensorflow_writes_is_read():
    for array in (np.float32([1, 2]), np.array([b"a", b"b"], object), np.int64(3)):
        np.testing.assert_array_equal(to_array(tf.make_tensor_proto(array)), array)


def test_a_scalar_string_is_an_array_too():
    assert to_array(tf.make_tensor_proto("a")).tolist() == b"a"


@pytest.mark.parametrize("dtype", [object, str])
def test_text_is_written_as_utf_8(dtype):
    array = np.array(["ä", "b"], dtype)

    assert list(to_proto(array).string_val) == [b"\xc3\xa4", b"b"]


def test_values_that_are_missing_repeat_the_last_one():
    assert to_array(proto_of(DataType.DT_INT32, [4], int_val=[1, 2])).tolist() == [
        1, 2, 2, 2,
    ]  # fmt: skip
    assert to_array(proto_of(DataType.DT_STRING, [2])).tolist() == [b"", b""]
    assert to_array(proto_of(DataType.DT_FLOAT, [1, 2])).tolist() == [[0.0, 0.0]]
    assert to_array(proto_of(DataType.DT_INT32, [1], int_val=[1, 2])).tolist() == [1]


def test_many_equal_values_may_be_left_out():
    array = to_array(proto_of(DataType.DT_BOOL, [1000, 1000], bool_val=[True]))

    assert array.shape == (1000, 1000)
    assert array.all()


@pytest.mark.parametrize(
    "array",
    [np.array([None]), np.array([1], object), np.array(["2026-01-01"], "M8[D]")],
)
def test_what_is_no_tensor_is_not_written(array):
    for write in (to_proto, to_proto_content):
        with pytest.raises(ValueError, match="A (string )?tensor must"):
            write(array)


def test_types_are_named_as_in_the_servers_messages():
    names = [type_name(t) for t in (DataType.DT_FLOAT, DataType.DT_STRING, 999)]

    assert names == ["float", "string", "unknown dtype enum (999)"]
