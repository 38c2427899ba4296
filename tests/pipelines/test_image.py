import numpy as np
import pytest
import tensorflow as tf

from pipelines.image import central_square, decode_image
from tests.pipelines.media_samples import image_bytes

SIDES = np.random.default_rng(1).integers(1, 99, (20, 2))


def test_the_central_square_is_what_is_kept():
    pixels = np.zeros((4, 8, 3), "uint8")
    pixels[:, 2:6] = 200
    image = decode_image(tf.constant(image_bytes(pixels)), size=4)
    np.testing.assert_allclose(image, np.full((4, 4, 3), 200.0))


def test_resizing_averages_rather_than_skips():
    stripes = np.zeros((8, 8, 3), "uint8")
    stripes[:, ::2] = 100
    image = decode_image(tf.constant(image_bytes(stripes)), size=2)
    np.testing.assert_allclose(image, np.full((2, 2, 3), 50.0), atol=5.0)


def test_an_absent_image_is_zeros_eagerly_and_in_tf_data():
    data = [b"", image_bytes(np.full((3, 5, 3), 9))]
    dataset = tf.data.Dataset.from_tensor_slices(data).map(
        lambda item: decode_image(item, size=3)
    )
    for item, image in zip(data, dataset, strict=True):
        np.testing.assert_array_equal(image, decode_image(tf.constant(item), size=3))
        assert image.shape == (3, 3, 3)
        assert float(tf.reduce_max(image)) == (9.0 if item else 0.0)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "BMP", "GIF"])
def test_formats(format):
    data = image_bytes(np.full((6, 6, 3), 128), format=format)
    np.testing.assert_allclose(decode_image(tf.constant(data), size=3), 128, atol=2)


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_the_square_of_a_jpeg_is_that_of_the_whole_jpeg(subsampling):
    decode = tf.function(
        lambda data: decode_image(data, size=32),
        input_signature=[tf.TensorSpec((), tf.string)],
    )
    generator = np.random.default_rng(0)
    # The second and third start where blocks of pixels do.
    for height, width in [(40, 40), (57, 90), (35, 67), (97, 33), *SIDES]:
        pixels = generator.integers(0, 256, (height, width, 3))
        data = image_bytes(pixels, format="JPEG", subsampling=subsampling)
        whole = tf.io.decode_jpeg(data, channels=3)
        expected = central_square(whole, size=32)
        np.testing.assert_array_equal(decode(tf.constant(data)), expected)


def test_broken_bytes_are_refused():
    with pytest.raises(tf.errors.InvalidArgumentError):
        decode_image(tf.constant(b"no image"), size=4)
