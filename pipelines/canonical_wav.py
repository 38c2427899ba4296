"""The one kind of WAV that `mmtf build` writes: 44 bytes of header, then samples.

Source: IBM and Microsoft, Multimedia Programming Interface and Data Specifications
1.0 (1991), "Waveform Audio File Format".
"""

import struct

import tensorflow as tf

HEADER_BYTES = 44
_SAMPLE_BYTES = 2
# Of the RIFF chunk and of the samples: the only bytes that differ between files.
_FILE_SIZE, _DATA_SIZE = slice(4, 8), slice(40, 44)


def is_canonical(data: tf.Tensor, sample_rate_hz: int) -> tf.Tensor:
    """Whether a scalar string is mono 16-bit PCM of that rate without other chunks,
    and holds the samples that its header promises, at least one; scalar bool."""
    expected, size = _header(sample_rate_hz), tf.strings.length(data)
    # `substr` refuses to start beyond the end.
    header = tf.strings.substr(data, 0, HEADER_BYTES) + "\0" * HEADER_BYTES
    parts = (slice(0, _FILE_SIZE.start), slice(_FILE_SIZE.stop, _DATA_SIZE.start))
    same = [_part(header, part) == expected[part] for part in parts]
    stated = tf.io.decode_raw(_part(header, _DATA_SIZE), tf.int32)[0]
    whole = (stated == size - HEADER_BYTES) & (stated > 0)
    return tf.reduce_all([*same, whole, stated % _SAMPLE_BYTES == 0])


def read_canonical(data: tf.Tensor, max_samples: int) -> tf.Tensor:
    """Its first samples in [-1, 1), float32; no more bytes are touched."""
    part = tf.strings.substr(data, HEADER_BYTES, _SAMPLE_BYTES * max_samples)
    return tf.cast(tf.io.decode_raw(part, tf.int16), tf.float32) * 2.0**-15


def _part(header, part):
    return tf.strings.substr(header, part.start, part.stop - part.start)


def _header(sample_rate_hz):
    channels, pcm, bits = 1, 1, 8 * _SAMPLE_BYTES
    byte_rate = _SAMPLE_BYTES * sample_rate_hz
    fields = (16, pcm, channels, sample_rate_hz, byte_rate, _SAMPLE_BYTES, bits)
    return b"RIFF----WAVEfmt " + struct.pack("<IHHIIHH", *fields) + b"data----"
