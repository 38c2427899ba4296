"""Whatever a client sends is read as TensorFlow reads it, or refused."""

import tracemalloc

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from export.protocol import DataType, TensorProto
from export.protocol.tensors import MAX_FILLED_BYTES, to_array

TYPES = [
    DataType.Value(f"DT_{name}")
    for name in (
        "HALF", "BFLOAT16", "FLOAT", "DOUBLE", "BOOL", "INT8", "INT16", "INT32",
        "INT64", "UINT8", "UINT16", "UINT32", "UINT64", "COMPLEX64", "COMPLEX128",
        "STRING",
    )
]  # fmt: skip


def parse(proto):
    """TensorFlow's own reader."""
    dtype = tf.as_dtype(proto.dtype)
    return tf.io.parse_tensor(proto.SerializeToString(), dtype).numpy()


def proto_of(dtype, shape, **fields):
    proto = TensorProto(dtype=dtype, **fields)
    for size in shape:
        proto.tensor_shape.dim.add(size=size)
    return proto


wild = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(TYPES),
        "shape": st.lists(st.integers(-1, 3), max_size=3),
        "tensor_content": st.just(b"") | st.binary(max_size=40),
        "half_val": st.lists(st.integers(-(2**31), 2**31 - 1), max_size=4),
        "float_val": st.lists(st.floats(width=32), max_size=4),
        "double_val": st.lists(st.floats(), max_size=4),
        "int_val": st.lists(st.integers(-(2**31), 2**31 - 1), max_size=4),
        "string_val": st.lists(st.binary(max_size=3), max_size=4),
        "scomplex_val": st.lists(st.floats(width=32), max_size=4),
        "int64_val": st.lists(st.integers(-(2**63), 2**63 - 1), max_size=4),
        "bool_val": st.lists(st.booleans(), max_size=4),
        "dcomplex_val": st.lists(st.floats(), max_size=4),
        "uint32_val": st.lists(st.integers(0, 2**32 - 1), max_size=4),
        "uint64_val": st.lists(st.integers(0, 2**64 - 1), max_size=4),
    }
)


@settings(max_examples=600, deadline=None)
@given(wild)
def test_any_proto_is_read_or_refused_as_by_tensorflow(fields):
    proto = proto_of(fields.pop("dtype"), fields.pop("shape"), **fields)
    try:
        expected = parse(proto)
    except tf.errors.InvalidArgumentError:
        with pytest.raises(ValueError, match="must"):
            to_array(proto)
        return
    expected = np.asarray(expected, tf.as_dtype(proto.dtype).as_numpy_dtype)
    if expected.dtype == bool:  # TensorFlow keeps a byte 2; NumPy knows but 0 and 1.
        expected = expected.view("uint8") != 0
    array = to_array(proto)
    assert array.dtype == expected.dtype
    if proto.dtype == DataType.DT_BFLOAT16:  # whose NaN NumPy does not know
        array, expected = array.astype("float32"), expected.astype("float32")
    np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize(
    "name", ["INVALID", "VARIANT", "RESOURCE", "QINT8", "FLOAT8_E5M2", "FLOAT_REF"]
)
def test_a_type_that_is_not_read_is_refused(name):
    with pytest.raises(ValueError, match=f"of type {name.lower()} cannot be read"):
        to_array(proto_of(DataType.Value(f"DT_{name}"), [2]))


def test_a_type_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match=r"of type unknown dtype enum \(999\)"):
        to_array(proto_of(999, [2]))


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ([-1], "at least 0"),
        ([2, -3], "at least 0"),
        ([2**40, 2**40], "fewer than 2..63"),
        ([2**62, 2, 0], "fewer than 2..63"),
        ([2**40], "may leave out"),
        ([MAX_FILLED_BYTES // 4 + 2], "may leave out"),
    ],
)
@pytest.mark.parametrize("values", [{}, {"float_val": [1.0]}])
def test_a_shape_without_content_for_it_takes_no_memory(shape, message, values):
    tracemalloc.start()
    with pytest.raises(ValueError, match=message):
        to_array(proto_of(DataType.DT_FLOAT, shape, **values))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10**6


@pytest.mark.parametrize("dtype", [DataType.DT_FLOAT, DataType.DT_STRING])
def test_content_that_does_not_fill_its_shape_takes_no_memory(dtype):
    with pytest.raises(ValueError, match="`tensor_content` must hold"):
        to_array(proto_of(dtype, [2**40], tensor_content=b"\x01" * 999))


def test_a_repeated_long_string_is_one_string():
    proto = proto_of(DataType.DT_STRING, [1000], string_val=[b"x" * 1000])

    assert len({id(string) for string in to_array(proto)}) == 1
    with pytest.raises(ValueError, match="may leave out"):
        to_array(proto_of(DataType.DT_STRING, [10**6], string_val=[b"x" * 1000]))
