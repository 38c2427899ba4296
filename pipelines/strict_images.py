"""The images of a request, of which none may be broken.

Legend: B rows, S pixels a side.
"""

import tensorflow as tf

from pipelines.image import central_square, decode_pixels
from pipelines.image_header import NO_FORMAT, image_format, jpeg_shape, open_image
from pipelines.limits import refuse, refuse_large_images

PARALLEL_ROWS = 4
"""Images decoded side by side, which bounds memory."""
NAMED_ROWS = 32
"""Rows that the errors of decoders can tell apart."""


def decode_or_fail(image: tf.Tensor, *, size: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Decodes images, and refuses the request if one is broken.

    Args:
        image: strings (B,), JPEG, PNG, BMP or GIF (first frame); empty for absent.
        size: S.

    Returns:
        float32 (B, S, S, 3) in [0, 255], and which rows have an image, bool (B,).
        Rows without one are zeros.

    Raises:
        tf.errors.InvalidArgumentError: an image is broken or has too many pixels.
            The message has the row; where a decoder raised it, in the name of the
            node, `image_of_row_3`.
    """
    present, kinds = image != "", image_format(image)
    with tf.control_dependencies([_refuse(present & (kinds == NO_FORMAT), "other")]):
        rows = tf.range(tf.size(image))
    data, shapes = _map_rows(_open, (rows, image, kinds), (tf.string, tf.int64))
    damaged = present & tf.reduce_any(shapes <= 0, axis=1)
    checks = [_refuse(damaged, "damaged"), refuse_large_images(shapes)]
    with tf.control_dependencies(checks):
        data = tf.identity(data)
    pixels = _map_rows(_decoder(size), (rows, data), tf.float32)
    return tf.ensure_shape(pixels, (None, size, size, 3)), present


def _refuse(broken, kind):
    rule = "`image` must be a JPEG, PNG, BMP or GIF file, or empty."
    return refuse(broken, rule, f"{kind} bytes")


def _map_rows(function, elements, signature):
    return tf.map_fn(
        lambda row: function(*row),
        elements,
        fn_output_signature=signature,
        parallel_iterations=None if tf.executing_eagerly() else PARALLEL_ROWS,
    )


def _open(row, data, kind):
    return open_image(data, kind, _naming(row, lambda: jpeg_shape(data, kind)))


def _decoder(size):
    def decode(row, data):
        return tf.cond(
            data != "",
            lambda: central_square(
                _naming(row, lambda: decode_pixels(data)), size=size
            ),
            lambda: tf.zeros((size, size, 3)),
        )

    return decode


def _naming(row, function):
    """Calls a function whose ops bear the row's number.

    All rows go through the same ops, so that an error could not say which row it
    is about. Here each number has ops of its own, and the error names the op.
    """

    def branch(number):
        later = "_or_later" if number == NAMED_ROWS else ""
        with tf.name_scope(f"image_of_row_{number}{later}"):
            return function()

    branches = [lambda n=n: branch(n) for n in range(NAMED_ROWS + 1)]
    return tf.switch_case(tf.minimum(row, NAMED_ROWS), branches)
