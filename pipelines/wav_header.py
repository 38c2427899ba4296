"""Headers of WAV files in TensorFlow's core ops: no bytes make them raise.

`tf.audio.decode_wav` reads 16-bit PCM alone and raises on anything else. Here
the header says whether a file is sound, and chunks may come in any order.

Sources: IBM and Microsoft, Multimedia Programming Interface and Data
Specifications 1.0 (1991), "Waveform Audio File Format"; Microsoft,
WAVEFORMATEXTENSIBLE. Legend: S any shape, T frames (a frame holds one sample of
every channel).
"""

from typing import NamedTuple

import tensorflow as tf

from pipelines.binary import bytes_at, num_bytes, uint16_at, uint32_at

MAX_RATE_HZ = 768_000
"""The fastest converters there are; it bounds what a header can ask for."""
MAX_CHUNKS = 64
"""Chunks looked at before a file counts as broken."""

ENCODINGS = UINT8, INT16, INT24, INT32, FLOAT32, FLOAT64 = range(6)
"""How a sample is written."""

_RIFF, _WAVE, _FMT, _DATA = (
    int.from_bytes(name, "little") for name in (b"RIFF", b"WAVE", b"fmt ", b"data")
)
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
# What follows the format's number in the GUID of an extensible header.
_GUID_TAIL = b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"


class WavHeader(NamedTuple):
    """What WAV files say about themselves: tensors of the shape S."""

    valid: tf.Tensor
    """bool: `pipelines.wav.read_mono` can read the file, and it holds a frame."""
    sample_rate_hz: tf.Tensor
    """int64; 1 where the file is not valid."""
    num_frames: tf.Tensor
    """int64, T."""
    claimed_seconds: tf.Tensor
    """float64: the duration that is stated, whatever bytes follow; 0 where the
    writer left it open."""
    num_channels: tf.Tensor
    """int64; 1 where the file is not valid."""
    frame_bytes: tf.Tensor
    """int64; 1 where the file is not valid."""
    encoding: tf.Tensor
    """int32: one of `ENCODINGS`."""
    start: tf.Tensor
    """int64: position of the first frame."""


def read_header(data: tf.Tensor) -> WavHeader:
    """Reads the headers of WAV files: PCM of 8 to 32 bits, floats of 32 or 64.

    A file that ends before its header says is not valid. A stated size that
    streaming writers leave behind means that all the remaining bytes count.

    Args:
        data: strings of the shape S, any bytes at all.
    """
    size, chunks = num_bytes(data), _find_chunks(data)
    channels, rate, frame_bytes, encoding = _read_format(data, chunks)
    open_ended = _is_open_ended(chunks.data_size)
    stated = tf.where(open_ended, size - chunks.data_start, chunks.data_size)
    frames = stated // tf.maximum(frame_bytes, 1)
    known = tf.reduce_all(uint32_at(data, 0, 3)[..., ::2] == [_RIFF, _WAVE], axis=-1)
    known &= (encoding >= 0) & (rate >= 1) & (rate <= MAX_RATE_HZ)
    known &= (chunks.data_start > 0) & (frames > 0)
    valid = known & (chunks.data_start + stated <= size)
    one = tf.ones_like(size)
    seconds = tf.cast(frames, tf.float64) / tf.cast(tf.maximum(rate, 1), tf.float64)
    return WavHeader(
        valid=valid,
        sample_rate_hz=tf.where(valid, rate, one),
        num_frames=tf.where(valid, frames, 0),
        claimed_seconds=tf.where(known & ~open_ended, seconds, 0.0),
        num_channels=tf.where(valid, channels, one),
        frame_bytes=tf.where(valid, frame_bytes, one),
        encoding=tf.where(valid, encoding, 0),
        start=tf.where(valid, chunks.data_start, 0),
    )


def _is_open_ended(size):
    # A writer that cannot seek back leaves 0, or a size near 2 or 4 GiB.
    near_2_gib = (size >= 0x7FFF0000) & (size <= 0x80000000)
    return (size == 0) | near_2_gib | (size >= 0xFFFF0000)


class _Chunks(NamedTuple):
    """The first `fmt ` and `data`: where their bodies start, 0 if not found."""

    format_start: tf.Tensor
    format_size: tf.Tensor
    data_start: tf.Tensor
    data_size: tf.Tensor


def _find_chunks(data) -> _Chunks:
    size = num_bytes(data)

    def is_looking(position, chunks):
        missing = (chunks.format_start == 0) | (chunks.data_start == 0)
        return missing & (position + 8 <= size)

    def step(position, chunks):
        fields = uint32_at(data, position, 2)
        name, body_size, body = fields[..., 0], fields[..., 1], position + 8
        looking = is_looking(position, chunks)
        at_format = looking & (name == _FMT) & (chunks.format_start == 0)
        at_data = looking & (name == _DATA) & (chunks.data_start == 0)
        found = _Chunks(
            tf.where(at_format, body, chunks.format_start),
            tf.where(at_format, body_size, chunks.format_size),
            tf.where(at_data, body, chunks.data_start),
            tf.where(at_data, body_size, chunks.data_size),
        )
        # Bodies of odd size are followed by a byte of padding.
        return tf.where(looking, body + body_size + body_size % 2, position), found

    zero = tf.zeros_like(size)
    _, chunks = tf.while_loop(
        lambda *state: tf.reduce_any(is_looking(*state)),
        step,
        (zero + 12, _Chunks(zero, zero, zero, zero)),
        maximum_iterations=MAX_CHUNKS,
    )
    return chunks


def _read_format(data, chunks):
    """Channels, rate, bytes of a frame, and encoding (-1 if it is none of ours)."""
    fields = uint16_at(data, chunks.format_start, 13)
    tag, channels, frame_bytes, bits = (fields[..., i] for i in (0, 1, 6, 7))
    rate = fields[..., 2] + fields[..., 3] * 2**16
    guid = bytes_at(data, chunks.format_start + 26, len(_GUID_TAIL))
    extensible = (tag == _EXTENSIBLE) & (guid == _GUID_TAIL)
    tag = tf.where(extensible & (chunks.format_size >= 40), fields[..., 12], tag)
    # A sample fills whole bytes from the top, of which `bits` may be fewer.
    width = frame_bytes // tf.maximum(channels, 1)
    pcm = (tag == _PCM) & (width >= 1) & (width <= 4) & (bits <= 8 * width)
    real = (tag == _FLOAT) & ((width == 4) | (width == 8)) & (bits == 8 * width)
    sound = (frame_bytes == width * channels) & (channels > 0) & (bits > 0)
    sound &= (chunks.format_start > 0) & (chunks.format_size >= 16)
    encoding = tf.where(pcm, width - 1, tf.where(real, width // 4 + 3, -1))
    encoding = tf.cast(tf.where(sound, encoding, -1), tf.int32)
    return channels, rate, frame_bytes, encoding
