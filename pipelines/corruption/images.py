"""Blur, noise and compression of images, in TensorFlow ops.

They follow Hendrycks and Dietterich, Benchmarking Neural Network Robustness to
Common Corruptions and Perturbations (ICLR 2019), section 3 and their code for
ImageNet-C, and act on what the model sees: the image at the model's size.
Legend: H, W pixels; values are in [0, 255].
"""

import numpy as np
import tensorflow as tf


def blur(image: tf.Tensor, percent: float) -> tf.Tensor:
    """Blurs by a Gaussian, mirrored at the borders.

    Args:
        image: float32 (H, W, 3), of known height.
        percent: the Gaussian's standard deviation in percent of the height, so that
            it means the same to models of any image size. At most 20.

    Returns:
        float32 (H, W, 3).
    """
    kernel = _gaussian(percent / 100 * image.shape[0])
    radius = len(kernel) // 2
    margins = [[radius, radius], [radius, radius], [0, 0]]
    padded = tf.pad(image, margins, "SYMMETRIC")[tf.newaxis]
    for shape in ((-1, 1, 1, 1), (1, -1, 1, 1)):
        filters = np.tile(kernel.reshape(shape), (1, 1, 3, 1))
        padded = tf.nn.depthwise_conv2d(padded, filters, (1, 1, 1, 1), "VALID")
    return tf.ensure_shape(padded[0], image.shape)


def _gaussian(deviation):
    # SciPy's `gaussian_filter` ends it at four deviations too.
    radius = int(4 * deviation + 0.5)
    places = np.arange(-radius, radius + 1)
    weights = np.exp(-0.5 * (places / max(deviation, 1e-6)) ** 2)
    return (weights / weights.sum()).astype(np.float32)


def add_noise(image: tf.Tensor, percent: float, seed: tf.Tensor) -> tf.Tensor:
    """Adds Gaussian noise to each value.

    Args:
        image: float32 (H, W, 3).
        percent: its standard deviation in percent of the range of values, 255.
        seed: int64 (2,).

    Returns:
        float32 (H, W, 3) in [0, 255].
    """
    noise = tf.random.stateless_normal(tf.shape(image), seed)
    return tf.clip_by_value(image + percent / 100 * 255 * noise, 0.0, 255.0)


def compress(image: tf.Tensor, quality: float) -> tf.Tensor:
    """Writes the image as JPEG and reads it again.

    Args:
        image: float32 (H, W, 3).
        quality: of the JPEG, 1 to 100.

    Returns:
        float32 (H, W, 3), whole numbers.
    """
    pixels = tf.cast(tf.round(image), tf.uint8)
    data = tf.io.encode_jpeg(pixels, quality=int(quality))
    read = tf.io.decode_jpeg(data, channels=3, dct_method="INTEGER_ACCURATE")
    return tf.ensure_shape(tf.cast(read, tf.float32), image.shape)
