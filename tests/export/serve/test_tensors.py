import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2, types_pb2

from export.serve.tensors import to_array, to_proto, type_name


@pytest.mark.parametrize(
    "array",
    [
        np.array([[0.5, -1.5]], np.float32),
        np.array([[0.5, -1.5]], np.float16),
        np.array([0.5], np.float64),
        np.array([True, False]),
        np.array([-3, 4], np.int8),
        np.array([[-3], [4]], np.int64),
        np.array([3, 2**63], np.uint64),
        np.array([b"a", b"\xff\x00"], object),
        np.zeros((0, 2), np.float32),
    ],
)
def test_arrays_survive_both_ways(array):
    proto = to_proto(array)

    assert not proto.tensor_content
    np.testing.assert_array_equal(to_array(proto), array)
    np.testing.assert_array_equal(tf.make_ndarray(proto), array)
    assert to_array(proto).dtype == array.dtype


def test_a_scalar_string_is_an_array_too():
    assert to_array(tf.make_tensor_proto("a")).tolist() == b"a"


def test_tensor_content_is_read():
    proto = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_FLOAT,
        tensor_shape=tf.TensorShape([2]).as_proto(),
        tensor_content=np.array([1, 2], np.float32).tobytes(),
    )
    assert to_array(proto).tolist() == [1.0, 2.0]


def test_bfloat16_goes_by_its_bits():
    array = tf.constant([1.5, -2.0], tf.bfloat16).numpy()

    assert to_array(to_proto(array)).tolist() == [1.5, -2.0]


@pytest.mark.parametrize(
    "fields",
    [
        {"dtype": types_pb2.DT_FLOAT, "tensor_content": b"abc"},
        {"dtype": types_pb2.DT_INVALID},
        {"dtype": 999},
        {"dtype": types_pb2.DT_VARIANT},
    ],
)
def test_what_is_no_tensor_is_refused(fields):
    shape = tf.TensorShape([2]).as_proto()

    with pytest.raises(ValueError, match="."):
        to_array(tensor_pb2.TensorProto(tensor_shape=shape, **fields))


def test_types_are_named_as_in_the_servers_messages():
    names = [type_name(t) for t in (types_pb2.DT_FLOAT, types_pb2.DT_STRING)]

    assert names == ["float", "string"]
