import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from scipy import ndimage

from pipelines.corruption.images import add_noise, blur, compress

SEED = tf.constant([3, 5], tf.int64)


def picture(side=40):
    generator = np.random.default_rng(0)
    return generator.uniform(0, 255, (side, side, 3)).astype("float32")


@pytest.mark.parametrize("percent", [0.5, 2, 10])
def test_blur_is_scipys(percent):
    sigma = percent / 100 * 40
    expected = ndimage.gaussian_filter(picture(), (sigma, sigma, 0), mode="reflect")
    np.testing.assert_allclose(blur(picture(), percent), expected, atol=1e-2)


def test_blur_is_the_same_share_of_any_image():
    small = picture(20)
    large = np.kron(small, np.ones((4, 4, 1), "float32"))
    shrunk = blur(tf.constant(large), 10).numpy()[2::4, 2::4]
    np.testing.assert_allclose(shrunk, blur(small, 10), atol=6)


def test_noise_has_the_asked_deviation_and_stays_in_range():
    grey = np.full((100, 100, 3), 127.5, "float32")
    noise = add_noise(grey, 8, SEED).numpy() - 127.5
    assert noise.std() == pytest.approx(0.08 * 255, rel=0.02)
    assert noise.mean() == pytest.approx(0, abs=0.5)
    loud = add_noise(grey, 60, SEED).numpy()
    assert (loud.min(), loud.max()) == (0, 255)


def test_louder_noise_is_the_same_noise():
    grey = np.full((30, 30, 3), 127.5, "float32")
    quiet, loud = (add_noise(grey, level, SEED).numpy() - 127.5 for level in (2, 4))
    np.testing.assert_allclose(loud, 2 * quiet, atol=1e-3)
    assert not np.array_equal(add_noise(grey, 2, SEED + 1), quiet + 127.5)


@pytest.mark.parametrize("quality", [7, 25, 90])
def test_compression_is_what_pillow_makes_of_it(quality):
    smooth = ndimage.gaussian_filter(picture(64), (3, 3, 0)).round()
    file = io.BytesIO()
    Image.fromarray(smooth.astype("uint8")).save(file, "JPEG", quality=quality)
    expected = np.asarray(Image.open(file), "float32")
    compressed = compress(tf.constant(smooth), quality).numpy()
    assert np.abs(compressed - expected).mean() < 1
    assert np.array_equal(compressed, compressed.round())


def test_level_zero_changes_nothing():
    np.testing.assert_array_equal(blur(picture(), 0), picture())
    np.testing.assert_array_equal(add_noise(picture(), 0, SEED), picture())


@pytest.mark.parametrize(
    "change",
    [lambda i: blur(i, 3), lambda i: add_noise(i, 18, SEED), lambda i: compress(i, 10)],
)
def test_the_same_eagerly_and_in_tf_data(change):
    dataset = tf.data.Dataset.from_tensors(picture()).map(change)
    (changed,) = dataset
    assert dataset.element_spec.shape == (40, 40, 3)
    np.testing.assert_allclose(changed, change(tf.constant(picture())), atol=1e-3)
