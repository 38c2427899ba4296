"""What images say of themselves, in TensorFlow's core ops.

Sources: W3C, Portable Network Graphics, section 11.2.1 (IHDR); Microsoft,
BITMAPINFOHEADER; ITU-T T.81 (JPEG), Annex B.
"""

import tensorflow as tf

from pipelines.binary import bytes_at, int32_at, uint8_at
from pipelines.gif import first_frame

FORMATS = JPEG, PNG, GIF, BMP = range(4)
"""What every server release decodes; newer ones alone would read WebP as well."""
NO_FORMAT = len(FORMATS)

_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM")
# A header of one grey pixel: start of image, of frame, and of scan.
_SMALL_JPEG = bytes.fromhex("ffd8 ffc0000b080001000101011100 ffda0008010100003f00")


def image_format(data: tf.Tensor) -> tf.Tensor:
    """One of `FORMATS`, or `NO_FORMAT`: int32 for each string, whatever the shape."""
    matches = [bytes_at(data, 0, len(magic)) == magic for magic in _MAGIC]
    first = tf.stack([*matches, tf.ones_like(matches[0])], axis=-1)
    return tf.argmax(first, axis=-1, output_type=tf.int32)


def jpeg_shape(data: tf.Tensor, format: tf.Tensor) -> tf.Tensor:
    """Shape of a JPEG, int32 (3,): height, width, channels; of others (1, 1, 1).

    Args:
        data: scalar string.
        format: its `image_format`.

    Raises:
        tf.errors.InvalidArgumentError: the header of a JPEG is damaged.
    """
    return tf.image.extract_jpeg_shape(tf.where(format == JPEG, data, _SMALL_JPEG))


def open_image(
    data: tf.Tensor, format: tf.Tensor, shape_of_jpeg: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Reads the size that a decoder would ask memory for.

    Args:
        data: scalar string, the file.
        format: its `image_format`.
        shape_of_jpeg: its `jpeg_shape`.

    Returns:
        What to decode (of a GIF the first frame), and int64 (2,), height and width;
        zeros for what is no image.
    """

    def jpeg():
        return data, tf.cast(shape_of_jpeg[:2], tf.int64)

    def png():
        # Big-endian, unlike the others.
        powers = tf.constant([2**24, 2**16, 2**8, 1], tf.int64)
        sizes = tf.reshape(uint8_at(data, 16, 8), [2, 4]) * powers
        return data, tf.reduce_sum(sizes, axis=1)[::-1]

    def bmp():
        # A negative height means that the top row comes first.
        return data, tf.abs(tf.cast(int32_at(data, 18, 2)[::-1], tf.int64))

    def none():
        return data, tf.zeros(2, tf.int64)

    branches = {JPEG: jpeg, PNG: png, GIF: lambda: first_frame(data), BMP: bmp}
    return tf.switch_case(format, branches, default=none)
