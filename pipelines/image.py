"""Images: encoded bytes to pixels, in TensorFlow ops shared with serving.

Legend: H, W pixels of a file, S its shorter side.
"""

import tensorflow as tf

from pipelines.resize import resize_square

_JPEG_MAGIC = b"\xff\xd8\xff"
# Upsampling of colours looks one sample to either side, which is two pixels.
_BORDER = 2


def decode_image(data: tf.Tensor, *, size: int) -> tf.Tensor:
    """Decodes one image, cuts its central square and resizes that.

    Of a JPEG, what lies outside the square is not decoded as far as that can be
    left out; the pixels are the same.

    Args:
        data: scalar string, a JPEG, PNG, BMP or GIF (first frame); empty when
            the row has no image.
        size: height and width of the result in pixels.

    Returns:
        float32 (size, size, 3) in [0, 255]; zeros when there is no image.

    Raises:
        tf.errors.InvalidArgumentError: the bytes are no such image.
    """
    pixels = tf.cond(
        tf.strings.length(data) > 0,
        lambda: resize_square(_decode_square(data), size=size),
        lambda: tf.zeros((size, size, 3)),
    )
    return tf.ensure_shape(pixels, (size, size, 3))


def decode_pixels(data: tf.Tensor) -> tf.Tensor:
    """Decodes one image, scalar string, to uint8 (H, W, 3)."""
    return tf.io.decode_image(data, channels=3, expand_animations=False)


def central_square(pixels: tf.Tensor, *, size: int) -> tf.Tensor:
    """Cuts the central square of uint8 (H, W, 3) and resizes it to float32."""
    # Cutting first bounds memory by the source, whatever its aspect ratio.
    return resize_square(_cut_square(pixels), size=size)


def _cut_square(pixels):
    top, left, side = _square_of(tf.shape(pixels)[0], tf.shape(pixels)[1])
    return tf.image.crop_to_bounding_box(pixels, top, left, side, side)


def _square_of(height, width):
    side = tf.minimum(height, width)
    return (height - side) // 2, (width - side) // 2, side


def _decode_square(data):
    return tf.cond(
        tf.strings.substr(data, 0, len(_JPEG_MAGIC)) == _JPEG_MAGIC,
        lambda: _decode_square_of_jpeg(data),
        lambda: _cut_square(decode_pixels(data)),
    )


def _decode_square_of_jpeg(data):
    shape = tf.image.extract_jpeg_shape(data)
    top, left, side = _square_of(shape[0], shape[1])
    first = tf.maximum(left - _BORDER, 0)
    last = tf.minimum(left + side + _BORDER, shape[1])
    window = tf.stack([top, first, side, last - first])
    pixels = tf.io.decode_and_crop_jpeg(data, window, channels=3)
    return pixels[:, left - first : left - first + side]
