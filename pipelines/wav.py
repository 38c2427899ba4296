"""Samples of WAV files in TensorFlow's core ops: no bytes make them raise.

Legend: T frames (a frame holds one sample of every channel).
"""

import tensorflow as tf

from pipelines.wav_header import (
    FLOAT32,
    FLOAT64,
    INT16,
    INT24,
    INT32,
    UINT8,
    WavHeader,
)


def read_mono(data: tf.Tensor, header: WavHeader, max_frames: tf.Tensor) -> tf.Tensor:
    """Reads the first frames of one file and mixes their channels by the mean.

    Args:
        data: scalar string.
        header: its header, of scalars.
        max_frames: int64, how many frames at most; no more bytes are touched.

    Returns:
        float32 (T,). Integers become [-1, 1); floats are what the file holds,
        which may be no numbers. Empty if the file is not valid.
    """
    frames = tf.minimum(header.num_frames, max_frames)
    part = tf.strings.substr(data, header.start, frames * header.frame_bytes)
    readers = {number: lambda r=r: r(part) for number, r in _READERS.items()}
    samples = tf.switch_case(header.encoding, readers)
    by_frame = tf.reshape(samples, tf.stack([frames, header.num_channels]))
    return tf.reduce_mean(by_frame, axis=1)


def _read_uint8(part):
    return (tf.cast(tf.io.decode_raw(part, tf.uint8), tf.float32) - 128.0) / 2**7


def _read_int16(part):
    return tf.cast(tf.io.decode_raw(part, tf.int16), tf.float32) / 2**15


def _read_int24(part):
    numbers = tf.cast(tf.io.decode_raw(part, tf.uint8), tf.int32)
    low, middle, high = numbers[::3], numbers[1::3], numbers[2::3]
    # The top byte's highest bit is the sign.
    high = tf.where(high < 128, high, high - 256)
    return tf.cast(low + 2**8 * middle + 2**16 * high, tf.float32) / 2**23


def _read_int32(part):
    return tf.cast(tf.io.decode_raw(part, tf.int32), tf.float32) / 2**31


def _read_float32(part):
    return tf.io.decode_raw(part, tf.float32)


def _read_float64(part):
    return tf.cast(tf.io.decode_raw(part, tf.float64), tf.float32)


_READERS = {
    UINT8: _read_uint8,
    INT16: _read_int16,
    INT24: _read_int24,
    INT32: _read_int32,
    FLOAT32: _read_float32,
    FLOAT64: _read_float64,
}
