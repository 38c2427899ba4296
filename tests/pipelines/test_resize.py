import numpy as np
import pytest
import tensorflow as tf

from pipelines.resize import resize_square


def noise(side):
    pixels = np.random.default_rng(side).integers(0, 256, (side, side, 3))
    return tf.constant(pixels, tf.uint8)


@pytest.mark.parametrize(
    ("side", "size"), [(150, 101), (301, 128), (70, 128), (1, 100), (99, 32), (20, 32)]
)
def test_the_op_is_equalled_to_the_last_bit(side, size):
    square = noise(side)
    expected = tf.image.resize(square, (size, size), antialias=True)
    np.testing.assert_array_equal(resize_square(square, size=size), expected)


@pytest.mark.parametrize("size", [40, 120])
def test_an_image_of_the_right_size_stays_as_it_is(size):
    square = noise(size)
    resized = resize_square(square, size=size)
    assert resized.dtype == tf.float32
    np.testing.assert_array_equal(resized, square)


def test_squares_of_several_sizes_in_tf_data():
    def squares():
        return tf.data.Dataset.range(97, 104).map(
            lambda side: tf.cast(tf.fill([side, side, 3], side), tf.uint8)
        )

    for square, resized in zip(
        squares(), squares().map(lambda s: resize_square(s, size=100)), strict=True
    ):
        assert resized.shape == (100, 100, 3)
        np.testing.assert_allclose(resized, float(square[0, 0, 0]), rtol=1e-6)
