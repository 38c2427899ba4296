"""Noise and clipping of recordings, in TensorFlow ops. Legend: n samples, 1 or more."""

import tensorflow as tf


def add_white_noise(samples: tf.Tensor, snr_db: float, seed: tf.Tensor) -> tf.Tensor:
    """Adds white Gaussian noise at a ratio of the powers of signal and noise.

    The ratio is that of the very noise that is added, not of its expectation. If the
    sum would leave [-1, 1], all of it is turned down, which keeps the ratio. Silence
    stays silence.

    Args:
        samples: float32 (n,) in [-1, 1].
        snr_db: ratio in decibels; infinity adds nothing.
        seed: int64 (2,).

    Returns:
        float32 (n,) in [-1, 1].
    """
    noise = tf.random.stateless_normal(tf.shape(samples), seed)
    ratio = tf.math.divide_no_nan(_power(samples), _power(noise))
    noisy = samples + tf.sqrt(ratio) * 10 ** (-snr_db / 20) * noise
    return noisy / tf.maximum(tf.reduce_max(tf.abs(noisy)), 1.0)


def _power(samples):
    return tf.reduce_mean(tf.square(samples))


def clip(samples: tf.Tensor, percent: float) -> tf.Tensor:
    """Cuts the loudest samples to the level of the loudest that is not cut.

    It is what a microphone set too high does to speech.

    Args:
        samples: float32 (n,).
        percent: how many samples are cut.

    Returns:
        float32 (n,).
    """
    loudest = tf.sort(tf.abs(samples), direction="DESCENDING")
    last = tf.cast(tf.size(samples), tf.float32) - 1
    limit = loudest[tf.cast(tf.round(percent / 100 * last), tf.int32)]
    return tf.clip_by_value(samples, -limit, limit)
