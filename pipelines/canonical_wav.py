"""The one kind of WAV that `mmtf build` writes: 44 bytes of header, then samples.

Source: IBM and Microsoft, Multimedia Programming Interface and Data Specifications
1.0 (1991), "Waveform Audio File Format".
"""

import struct

import numpy as np
import tensorflow as tf

HEADER_BYTES = 44
_SAMPLE_BYTES = 2
# Of the header's eleven numbers, those that differ between files: the sizes of the
# RIFF chunk and of the samples.
_IS_SIZE = np.isin(np.arange(HEADER_BYTES // 4), (1, 10))


def is_canonical(data: tf.Tensor, sample_rate_hz: int) -> tf.Tensor:
    """Whether a scalar string is mono 16-bit PCM of that rate without other chunks,
    and holds the samples that its header promises, at least one; scalar bool."""
    numbers = tf.io.decode_raw(data, tf.int32, fixed_length=HEADER_BYTES)
    same = tf.reduce_all((numbers == _header(sample_rate_hz)) | _IS_SIZE)
    num_bytes = tf.strings.length(data) - HEADER_BYTES
    whole = (numbers[-1] == num_bytes) & (num_bytes % _SAMPLE_BYTES == 0)
    return same & whole & (num_bytes > 0)


def read_canonical(data: tf.Tensor, num_samples: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Its first samples in [-1, 1), float32 (`num_samples`,), zero beyond its end, and
    how many they are, scalar int32; no more bytes are touched."""
    size = _SAMPLE_BYTES * num_samples
    part = tf.strings.substr(data, HEADER_BYTES, size)
    samples = tf.io.decode_raw(part, tf.int16, fixed_length=size)
    length = tf.strings.length(part) // _SAMPLE_BYTES
    return tf.cast(samples, tf.float32) * 2.0**-15, length


def _header(sample_rate_hz):
    channels, pcm, bits = 1, 1, 8 * _SAMPLE_BYTES
    byte_rate = _SAMPLE_BYTES * sample_rate_hz
    fields = (16, pcm, channels, sample_rate_hz, byte_rate, _SAMPLE_BYTES, bits)
    header = b"RIFF----WAVEfmt " + struct.pack("<IHHIIHH", *fields) + b"data----"
    return np.frombuffer(header, "<i4")
