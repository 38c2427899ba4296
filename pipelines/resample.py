"""Another sample rate, by a windowed sinc, in TensorFlow's core ops.

An output sample lies somewhere between two input samples. A polyphase filter bank
stands at eight places of every such interval, and what lies between them is
interpolated from its outputs (Farrow's structure). So any two rates will do, and
memory depends on the length of the signal, not on what divides the rates.

Sources: J. O. Smith, Digital Audio Resampling (the windowed sinc and its cutoff);
J. F. Kaiser, Nonrecursive digital filter design using the I0-sinh window function
(1974); C. W. Farrow, A continuously variable digital delay element (1988).
Legend: T input samples, N output samples, K samples in an interval, F intervals,
J phases.
"""

import numpy as np
import tensorflow as tf

ZERO_CROSSINGS = 64
"""Half the filter's length, in samples of the lower rate."""
# Flat to 0.91 of the lower Nyquist frequency and below -80 dB from there to it,
# which is the transition band of soxr's high quality.
_CUTOFF = 0.9565
_KAISER_BETA = 8.5
# An interval is at most one sample of the lower rate long. Polynomials through 8
# Chebyshev nodes of it miss such a signal by less than 1e-5 of its amplitude.
_NUM_PHASES = 8
_PHASES = 0.5 - 0.5 * np.cos((2 * np.arange(_NUM_PHASES) + 1) * np.pi / 2 / _NUM_PHASES)
# From the powers of 2x - 1, which lies in [-1, 1], to Lagrange's weights.
_POWERS_TO_WEIGHTS = np.linalg.inv(np.vander(2 * _PHASES - 1, increasing=True))


def resample(
    samples: tf.Tensor, from_hz: tf.Tensor, to_hz: int, max_samples: int
) -> tf.Tensor:
    """Resamples a signal, which is silent before its start and after its end.

    Args:
        samples: float32 (T,); `samples_needed` of them are enough.
        from_hz: int64 scalar, their rate.
        to_hz: the wanted rate.
        max_samples: how many samples of it at most.

    Returns:
        float32 (N,), N being T to_hz / from_hz rounded, a half up.
    """
    length = resampled_length(tf.size(samples, tf.int64), from_hz, to_hz)
    length = tf.minimum(length, max_samples)
    return tf.cond(
        tf.equal(from_hz, to_hz) | tf.equal(length, 0),
        lambda: samples[:length],
        lambda: _resample(samples, from_hz, to_hz, length),
    )


def resampled_length(length: tf.Tensor, from_hz: tf.Tensor, to_hz: int) -> tf.Tensor:
    """How many samples int64 `length` samples become."""
    return (2 * length * to_hz + from_hz) // (2 * from_hz)


def samples_needed(max_samples: int, from_hz: tf.Tensor, to_hz: int) -> tf.Tensor:
    """How many input samples have a part in the first `max_samples` outputs."""
    reach = (ZERO_CROSSINGS + 2) * (tf.maximum(from_hz, to_hz) // to_hz + 1)
    return max_samples * from_hz // to_hz + reach


def _resample(samples, from_hz, to_hz, length):
    interval = tf.maximum(from_hz // to_hz, 1)  # K
    # Positions in units of 1 / to_hz input samples, so that they are exact.
    positions, steps = tf.range(length) * from_hz, to_hz * interval
    index, fraction = positions // steps, positions % steps / steps
    kernel, reach = _kernel(interval, from_hz / to_hz)
    signal = _intervals(samples, interval, reach, 1 + index[-1])
    by_phase = tf.nn.conv1d(signal[tf.newaxis], kernel, 1, "VALID")[0]  # (F, J)
    weights = _phase_weights(tf.cast(fraction, tf.float32))
    return tf.reduce_sum(tf.gather(by_phase, index) * weights, axis=-1)


def _phase_weights(fraction):
    """Positions in an interval, [0, 1) (N,), to weights (N, J) of the phases."""
    repeated = tf.repeat(2 * fraction[:, tf.newaxis] - 1, _NUM_PHASES, axis=1)
    powers = tf.math.cumprod(repeated, axis=1, exclusive=True)
    return powers @ tf.constant(_POWERS_TO_WEIGHTS, tf.float32)


def _kernel(interval, ratio):
    """Filters float32 (2 reach + 1, K, J), and their reach in intervals."""
    unit = tf.maximum(ratio, 1.0)  # a sample of the lower rate, in input samples
    width = tf.cast(interval, tf.float64)
    reach = tf.cast(tf.math.ceil(ZERO_CROSSINGS * unit / width), tf.int64)
    taps = tf.cast(tf.range(-reach * interval, (reach + 1) * interval), tf.float64)
    time = (taps[:, tf.newaxis] - _PHASES * width) / unit
    kernel = _CUTOFF / unit * _sinc(_CUTOFF * time) * _kaiser(time / ZERO_CROSSINGS)
    shape = tf.stack([2 * reach + 1, interval, _NUM_PHASES])
    return tf.cast(tf.reshape(kernel, shape), tf.float32), reach


def _sinc(x):
    # sin(y)/y is 1 at a y so small, and needs no case of its own.
    angle = np.pi * tf.where(x == 0, tf.constant(1e-9, x.dtype), x)
    return tf.sin(angle) / angle


def _kaiser(x):
    # i0e(b) is exp(-b) i0(b), which does not overflow.
    root = tf.sqrt(tf.maximum(1 - x**2, 0))
    window = tf.math.bessel_i0e(_KAISER_BETA * root) * tf.exp(_KAISER_BETA * (root - 1))
    return tf.where(tf.abs(x) < 1, window, 0) / tf.math.bessel_i0e(
        tf.constant(_KAISER_BETA, tf.float64)
    )


def _intervals(samples, interval, reach, count):
    """float32 (count + 2 reach, K): the signal between stretches of silence."""
    before, rest = reach * interval, (count + reach) * interval
    samples = samples[:rest]
    after = rest - tf.size(samples, tf.int64)
    padded = tf.pad(samples, tf.reshape(tf.stack([before, after]), [1, 2]))
    return tf.reshape(padded, tf.stack([count + 2 * reach, interval]))
