"""Audio: WAV bytes to samples, in TensorFlow ops shared with serving.

Legend: B rows, T samples.
"""

import tensorflow as tf

from pipelines.canonical_wav import is_canonical, read_canonical
from pipelines.resample import resample, samples_needed
from pipelines.wav import read_mono
from pipelines.wav_header import WavHeader


def decode_audio(
    data: tf.Tensor, *, num_samples: int, sample_rate_hz: int
) -> tuple[tf.Tensor, tf.Tensor]:
    """Decodes one 16-bit WAV of a shard, mixes it to mono, and cuts or pads it.

    Args:
        data: scalar string; empty when the row has no audio.
        num_samples: T, the length of the result.
        sample_rate_hz: the rate the WAV must have.

    Returns:
        The waveform, float32 (T,) in [-1, 1], zero beyond its end, and the
        number of valid samples, scalar int32.

    Raises:
        tf.errors.InvalidArgumentError: the bytes are no such WAV.
    """
    # What `mmtf build` writes needs no decoder.
    waveform, length = tf.cond(
        is_canonical(data, sample_rate_hz),
        lambda: read_canonical(data, num_samples),
        lambda: _read_other(data, num_samples, sample_rate_hz),
    )
    return tf.ensure_shape(waveform, (num_samples,)), length


def _read_other(data, num_samples, sample_rate_hz):
    return tf.cond(
        tf.strings.length(data) > 0,
        lambda: _read_any(data, num_samples, sample_rate_hz),
        lambda: (tf.zeros((num_samples,)), tf.constant(0)),
    )


def _read_any(data, num_samples, sample_rate_hz):
    samples, rate = tf.audio.decode_wav(data)
    check = tf.debugging.assert_equal(
        rate,
        sample_rate_hz,
        message=f"`audio` must be WAV at {sample_rate_hz} Hz: resample it first.",
    )
    with tf.control_dependencies([check] if check is not None else []):
        mono = tf.reduce_mean(samples, axis=-1)[:num_samples]
    return _pad(mono, num_samples)


def _pad(samples, num_samples):
    length = tf.size(samples)
    return tf.pad(samples, [[0, num_samples - length]]), length


def decode_any_rate(
    data: tf.Tensor, header: WavHeader, *, num_samples: int, sample_rate_hz: int
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Decodes WAVs of any rate, width and number of channels, as shards hold them.

    Shards hold mono of 16 bits, so samples are rounded to that. No bytes make this
    raise.

    Args:
        data: strings (B,).
        header: their headers.
        num_samples: T.
        sample_rate_hz: the rate of the result.

    Returns:
        Waveforms, float32 (B, T) in [-1, 1), zero beyond their ends; the numbers of
        valid samples, int32 (B,); and which rows are sound, bool (B,). The others
        have no samples.
    """

    def decode(row, header):
        rate = header.sample_rate_hz
        needed = samples_needed(num_samples, rate, sample_rate_hz)
        samples = read_mono(row, header, needed)
        samples = resample(samples, rate, sample_rate_hz, num_samples)
        sound = tf.reduce_all(tf.math.is_finite(samples)) & (tf.size(samples) > 0)
        samples = _to_16_bits(samples[: tf.where(sound, num_samples, 0)])
        return *_pad(samples, num_samples), sound

    waveform, length, sound = tf.map_fn(
        lambda row: decode(*row),
        (data, header),
        fn_output_signature=(tf.float32, tf.int32, tf.bool),
    )
    return tf.ensure_shape(waveform, (None, num_samples)), length, sound


def _to_16_bits(samples):
    return tf.clip_by_value(tf.round(samples * 2**15), -(2**15), 2**15 - 1) / 2**15
