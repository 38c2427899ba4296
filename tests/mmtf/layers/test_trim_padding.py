import numpy as np
import pytest
import tensorflow as tf

from mmtf.layers import TrimPadding

TOKEN_IDS = np.arange(20, dtype="int32").reshape(2, 10)


def mask(*lengths):
    return np.arange(10) < np.array(lengths)[:, None]


@pytest.mark.parametrize(
    ("longest", "kept"), [(0, 4), (1, 4), (4, 4), (5, 8), (9, 10), (10, 10)]
)
def test_length_is_that_of_the_longest_rounded_up(longest, kept):
    trimmed = TrimPadding(multiple=4)(TOKEN_IDS, mask(longest, 0))
    np.testing.assert_array_equal(trimmed, TOKEN_IDS[:, :kept])


def test_last_valid_step_stays_whatever_is_before_it():
    step_mask = np.zeros((2, 10), "int32")
    step_mask[1, 6] = 1
    assert TrimPadding(multiple=1)(TOKEN_IDS, step_mask).shape == (2, 7)


def test_structure_and_dtypes_stay():
    inputs = {"x": np.ones((2, 10, 3), "float32"), "ids": TOKEN_IDS}
    layer = TrimPadding(dtype="mixed_bfloat16")
    trimmed = layer(inputs, mask(2, 3), training=True)
    assert {k: (v.shape, v.dtype.name) for k, v in trimmed.items()} == {
        "x": ((2, 8, 3), "float32"),
        "ids": ((2, 8), "int32"),
    }


def test_sixteen_bits_are_cut_in_training_alone():
    layer = TrimPadding(dtype="mixed_bfloat16")
    shapes = [layer(TOKEN_IDS, mask(2, 3), training=t).shape for t in (True, False)]
    assert shapes == [(2, 8), (2, 10)]


def test_one_trace_serves_every_length():
    layer = TrimPadding(multiple=2)
    function = tf.function(
        layer,
        input_signature=[
            tf.TensorSpec([None, 10], tf.int32),
            tf.TensorSpec([None, 10], tf.bool),
        ],
    )
    lengths = [function(TOKEN_IDS, mask(n, 1)).shape[1] for n in (1, 4, 9)]
    assert lengths == [2, 4, 10]
    assert function.experimental_get_tracing_count() == 1


def test_xla_keeps_the_shape_it_compiles_for():
    layer = TrimPadding()
    inner = tf.function(layer)
    for function in (inner, lambda *args: inner(*args) + 0):
        compiled = tf.function(function, jit_compile=True)
        assert compiled(TOKEN_IDS, mask(2, 1)).shape == (2, 10)
