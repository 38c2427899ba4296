"""Numbers inside byte strings, in TensorFlow's core ops. Legend: S any shape."""

import tensorflow as tf


def bytes_at(data: tf.Tensor, start: tf.Tensor | int, count: int) -> tf.Tensor:
    """A part of each string, shorter where the string has ended.

    Args:
        data: strings of the shape S.
        start: the first byte, an integer or int64 of the shape S, not negative.
        count: how many bytes.

    Returns:
        Strings of the shape S.
    """
    # `substr` refuses to start beyond the end.
    start = tf.minimum(tf.cast(start, tf.int64), num_bytes(data))
    size = tf.constant(count, tf.int64)
    return tf.strings.substr(data, start, tf.fill(tf.shape(data), size))


def uint8_at(data: tf.Tensor, start: tf.Tensor | int, count: int) -> tf.Tensor:
    """Bytes, int64 S + (count,); zeros where the string has ended."""
    return tf.cast(_decode(data, start, count, tf.uint8), tf.int64)


def uint16_at(data: tf.Tensor, start: tf.Tensor | int, count: int) -> tf.Tensor:
    """Little-endian 16-bit numbers, int64 S + (count,); see `uint8_at`."""
    return tf.cast(_decode(data, start, count, tf.uint16), tf.int64)


def int32_at(data: tf.Tensor, start: tf.Tensor | int, count: int) -> tf.Tensor:
    """Little-endian 32-bit numbers, int32 S + (count,); see `uint8_at`."""
    return _decode(data, start, count, tf.int32)


def uint32_at(data: tf.Tensor, start: tf.Tensor | int, count: int) -> tf.Tensor:
    """Little-endian 32-bit numbers, int64 S + (count,); see `uint8_at`."""
    return tf.cast(tf.cast(int32_at(data, start, count), tf.uint32), tf.int64)


def num_bytes(data: tf.Tensor) -> tf.Tensor:
    """Length of each string, int64 S."""
    return tf.cast(tf.strings.length(data), tf.int64)


def _decode(data, start, count, dtype):
    size = count * dtype.size
    return tf.io.decode_raw(bytes_at(data, start, size), dtype, fixed_length=size)
