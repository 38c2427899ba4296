import ml_dtypes
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from export.protocol import DataType, TensorProto
from export.runtime import StatusError
from export.runtime.library import checked_status, load_runtime
from export.runtime.tensors import new_tensor, tensor_from_proto, to_array

NUMBERS = [*"bBhHiIqQefdFD?"]
SHAPES = arrays.array_shapes(min_dims=0, min_side=0)
TEXTS = [b"", b"a", b"x" * 22, b"x" * 23, b"\0" * 24, "ß€😀".encode(), b"y" * 100_000]


def back(array):
    """Through the runtime's memory and back."""
    api = load_runtime()
    with checked_status(api) as status:
        tensor = new_tensor(api, array, status)
    received = to_array(api, tensor)
    api.TF_DeleteTensor(tensor)
    return received


@given(st.sampled_from(NUMBERS).flatmap(lambda dtype: arrays.arrays(dtype, SHAPES)))
def test_numbers_come_back(array):
    received = back(array)

    assert received.dtype == array.dtype
    np.testing.assert_array_equal(received, array)


@given(arrays.arrays(object, SHAPES, elements=st.binary(max_size=40)))
def test_strings_come_back(array):
    received = back(array)

    assert received.dtype == object
    np.testing.assert_array_equal(received, array)


@pytest.mark.parametrize("text", TEXTS, ids=len)
def test_strings_of_every_length_pass_through_a_graph(echo, text):
    sent = np.array([[text], [b"other"]], object)

    assert echo(sent, tf.string).tolist() == sent.tolist()


def test_strings_that_point_elsewhere_are_read(tmp_path):
    # A constant of a graph holds its strings in one block.
    proto = tf.make_tensor_proto([b"short", b"long" * 100])
    api = load_runtime()
    with checked_status(api) as status:
        tensor = tensor_from_proto(api, proto.SerializeToString(), status)

    assert to_array(api, tensor).tolist() == [b"short", b"long" * 100]


def test_half_precision_passes_through_a_graph(echo):
    sent = np.array([1.5, -2.0], ml_dtypes.bfloat16)

    received = echo(sent, tf.bfloat16)

    assert received.dtype == sent.dtype
    assert received.tolist() == [1.5, -2.0]


def test_views_and_foreign_byte_orders_are_copied_right():
    numbers = np.arange(12, dtype=">i4").reshape(3, 4)
    texts = np.array([[b"a", b"b"], [b"c", b"d"]], object)

    assert back(numbers[::-2, 1::2].T).tolist() == [[9, 1], [11, 3]]
    assert back(texts.T).tolist() == [[b"a", b"c"], [b"b", b"d"]]


@pytest.mark.parametrize("array", [np.array(["é"]), np.array([None, "é"])])
def test_what_is_no_tensor_is_refused(array):
    with pytest.raises(StatusError, match="INVALID_ARGUMENT: A tensor .*bytes"):
        back(array)


def test_an_output_that_has_no_array_is_refused():
    proto = TensorProto(dtype=DataType.DT_QINT8, int_val=[7])
    api = load_runtime()
    with checked_status(api) as status:
        tensor = tensor_from_proto(api, proto.SerializeToString(), status)

    with pytest.raises(StatusError, match="UNIMPLEMENTED: .*data type 11"):
        to_array(api, tensor)


def test_a_broken_proto_is_refused():
    api = load_runtime()
    with (
        pytest.raises(StatusError, match="INVALID_ARGUMENT"),
        checked_status(api) as status,
    ):
        tensor_from_proto(api, b"\xff\xff", status)
