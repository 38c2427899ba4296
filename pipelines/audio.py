"""Audio: WAV bytes to samples, in TensorFlow ops shared with serving."""

import tensorflow as tf


def decode_audio(
    data: tf.Tensor, *, num_samples: int, sample_rate_hz: int
) -> tuple[tf.Tensor, tf.Tensor]:
    """Decodes one 16-bit WAV, mixes it to mono, and cuts or pads it.

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
    waveform, length = tf.cond(
        tf.strings.length(data) > 0,
        lambda: _read(data, num_samples, sample_rate_hz),
        lambda: (tf.zeros((num_samples,)), tf.constant(0)),
    )
    return tf.ensure_shape(waveform, (num_samples,)), length


def _read(data, num_samples, sample_rate_hz):
    samples, rate = tf.audio.decode_wav(data)
    check = tf.debugging.assert_equal(
        rate,
        sample_rate_hz,
        message=f"`audio` must be WAV at {sample_rate_hz} Hz: resample it first.",
    )
    with tf.control_dependencies([check] if check is not None else []):
        mono = tf.reduce_mean(samples, axis=-1)[:num_samples]
    length = tf.shape(mono)[0]
    return tf.pad(mono, [[0, num_samples - length]]), length
