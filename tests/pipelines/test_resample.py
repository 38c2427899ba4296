import numpy as np
import pytest
import soxr
import tensorflow as tf

from pipelines.resample import resample, resampled_length, samples_needed

TO_HZ = 16000
RATES = [8000, 11025, 12000, 16001, 22050, 24000, 32000, 37800, 44100, 48000, 96000]

run = tf.function(
    lambda samples, from_hz: resample(samples, from_hz, TO_HZ, 8000),
    input_signature=[tf.TensorSpec([None]), tf.TensorSpec([], tf.int64)],
    autograph=False,
)


def band_limited(rate_hz, seconds=0.5, top=0.9):
    """Tones up to `top` of the lower Nyquist frequency, faded in and out."""
    time = np.arange(int(rate_hz * seconds)) / rate_hz
    random = np.random.default_rng(rate_hz)
    hertz = random.uniform(20, top * min(rate_hz, TO_HZ) / 2, 30)
    tones = np.cos(2 * np.pi * hertz * time[:, None] + random.uniform(0, 6, 30))
    fade = np.clip(np.minimum(time, time[-1] - time) / 0.05, 0, 1)
    signal = tones.sum(axis=1) * np.sin(np.pi / 2 * fade) ** 2
    return (0.9 * signal / np.abs(signal).max()).astype(np.float32)


@pytest.mark.parametrize("rate_hz", RATES)
def test_band_limited_signals_become_what_soxr_makes_of_them(rate_hz):
    signal = band_limited(rate_hz)
    expected = soxr.resample(signal, rate_hz, TO_HZ)

    np.testing.assert_allclose(run(signal, rate_hz), expected, atol=3e-4)


@pytest.mark.parametrize("rate_hz", [32000, 44100, 96000])
@pytest.mark.parametrize("hertz", [8200, 11000, 15900])
def test_what_the_lower_rate_cannot_hold_is_taken_away(rate_hz, hertz):
    signal = 0.9 * np.sin(2 * np.pi * hertz * np.arange(rate_hz // 2) / rate_hz)
    middle = run(signal.astype(np.float32), rate_hz)[200:-200]
    assert np.abs(middle).max() < 3e-4


@pytest.mark.parametrize("rate_hz", [8000, 16001, 44100])
def test_no_image_appears_above_the_old_band(rate_hz):
    hertz = 0.45 * min(rate_hz, TO_HZ)
    signal = np.sin(2 * np.pi * hertz * np.arange(rate_hz // 2) / rate_hz)
    received = run(signal.astype(np.float32), rate_hz)[200:-200]

    expected = np.sin(2 * np.pi * hertz * np.arange(8000) / TO_HZ)[200:-200]
    np.testing.assert_allclose(received[: len(expected)], expected, atol=1e-3)


def test_beyond_the_edges_there_is_silence():
    """An impulse in the first and in the last sample is half a filter each."""
    ratio, length = 3, 300
    signal = np.zeros(length, np.float32)
    signal[[0, -1]] = 1
    received = run(signal, ratio * TO_HZ).numpy()

    time = np.arange(length // ratio)  # in output samples
    expected = filter_at(time) + filter_at(time - (length - 1) / ratio)
    np.testing.assert_allclose(received, expected / ratio, atol=1e-5)


def filter_at(time):
    window = np.where(
        np.abs(time) < 64,
        np.i0(8.5 * np.sqrt(np.maximum(1 - (time / 64) ** 2, 0))) / np.i0(8.5), 0,
    )  # fmt: skip
    return 0.9565 * np.sinc(0.9565 * time) * window


@pytest.mark.parametrize("rate_hz", [*RATES, 7, 15999])
def test_the_length_is_that_of_soxr(rate_hz):
    for length in (0, 1, 2, 3, 5, 160, 441, 1001):
        expected = len(soxr.resample(np.zeros(length), rate_hz, TO_HZ))
        assert resampled_length(tf.constant(length, tf.int64), rate_hz, TO_HZ) == (
            expected
        )


@pytest.mark.parametrize("rate_hz", [8000, 11025, 15999, 44100, 96000, 767999])
def test_the_samples_needed_are_enough(rate_hz):
    signal = np.random.default_rng(0).normal(size=rate_hz).astype(np.float32)
    needed = int(samples_needed(800, tf.constant(rate_hz, tf.int64), TO_HZ))

    np.testing.assert_array_equal(
        run(signal[:needed], rate_hz)[:800], run(signal, rate_hz)[:800]
    )
    assert needed < len(signal) / 4


def test_the_same_rate_changes_nothing():
    signal = np.random.default_rng(0).normal(size=900).astype(np.float32)
    np.testing.assert_array_equal(run(signal, TO_HZ), signal)


@pytest.mark.parametrize("rate_hz", [1, 100, 8000, 48000])
def test_hardly_any_samples(rate_hz):
    for length in (0, 1, 2):
        received = run(np.ones(length, np.float32), rate_hz)
        assert len(received) == min(round(length * TO_HZ / rate_hz + 1e-9), 8000)
        assert np.isfinite(received).all()
