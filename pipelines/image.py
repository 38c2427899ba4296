"""Images: encoded bytes to pixels, in TensorFlow ops shared with serving."""

import tensorflow as tf


def decode_image(data: tf.Tensor, *, size: int) -> tf.Tensor:
    """Decodes one image, cuts its central square and resizes that.

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
        lambda: central_square(decode_pixels(data), size=size),
        lambda: tf.zeros((size, size, 3)),
    )
    return tf.ensure_shape(pixels, (size, size, 3))


def decode_pixels(data: tf.Tensor) -> tf.Tensor:
    """Decodes one image, scalar string, to uint8 (H, W, 3)."""
    return tf.io.decode_image(data, channels=3, expand_animations=False)


def central_square(pixels: tf.Tensor, *, size: int) -> tf.Tensor:
    """Cuts the central square of uint8 (H, W, 3) and resizes it to float32."""
    height, width = tf.shape(pixels)[0], tf.shape(pixels)[1]
    side = tf.minimum(height, width)
    # Cutting first bounds memory by the source, whatever its aspect ratio.
    square = tf.image.crop_to_bounding_box(
        pixels, (height - side) // 2, (width - side) // 2, side, side
    )
    return tf.image.resize(square, (size, size), antialias=True)
