import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.corruption.sounds import add_white_noise, clip

SEED = tf.constant([3, 5], tf.int64)


def tone(amplitude=0.1, count=4000):
    return (amplitude * np.sin(np.arange(count) / 7)).astype("float32")


def snr_db(signal, noisy):
    # However far the sum was turned down, the signal's part is its projection.
    gain = signal @ noisy / (signal @ signal)
    noise = noisy / gain - signal
    return 10 * np.log10(np.mean(signal**2) / np.mean(noise**2))


@pytest.mark.parametrize("amplitude", [0.001, 0.1])
@pytest.mark.parametrize("level", [30, 10, 0, -5])
def test_the_ratio_is_the_asked_one(amplitude, level):
    signal = tone(amplitude)
    noise = add_white_noise(signal, level, SEED).numpy() - signal
    measured = 10 * np.log10(np.mean(signal**2) / np.mean(noise**2))
    assert measured == pytest.approx(level, abs=0.01)


def test_a_loud_recording_is_turned_down_rather_than_cut():
    noisy = add_white_noise(tone(1.0), 0, SEED).numpy()
    assert np.abs(noisy).max() == pytest.approx(1)
    assert snr_db(tone(1.0), noisy) == pytest.approx(0, abs=0.3)


def test_noise_is_white_and_follows_the_seed():
    noise = add_white_noise(tone(), 0, SEED).numpy() - tone()
    spectrum = np.abs(np.fft.rfft(noise))[1:] ** 2
    low, high = spectrum[:1000].mean(), spectrum[1000:].mean()
    assert low == pytest.approx(high, rel=0.15)
    again, other = (add_white_noise(tone(), 0, s).numpy() for s in (SEED, SEED + 1))
    np.testing.assert_array_equal(again - tone(), noise)
    assert not np.array_equal(other, again)


def test_silence_stays_silence():
    silence = np.zeros(100, "float32")
    np.testing.assert_array_equal(add_white_noise(silence, -5, SEED), silence)
    np.testing.assert_array_equal(clip(silence, 50), silence)


@pytest.mark.parametrize("percent", [1, 10, 50])
def test_the_asked_share_is_cut(percent):
    samples = np.random.default_rng(0).uniform(-1, 1, 1000).astype("float32")
    clipped = clip(samples, percent).numpy()
    changed = clipped != samples
    assert changed.mean() == pytest.approx(percent / 100, abs=0.002)
    limit = np.sort(np.abs(samples))[::-1][changed.sum()]
    np.testing.assert_array_equal(clipped, np.clip(samples, -limit, limit))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(-1, 1, width=32, allow_subnormal=False), min_size=1, max_size=30)
)
def test_level_zero_changes_nothing_and_no_level_makes_nan(values):
    samples = tf.constant(values, tf.float32)
    np.testing.assert_array_equal(add_white_noise(samples, math.inf, SEED), samples)
    np.testing.assert_array_equal(clip(samples, 0), samples)
    for changed in (add_white_noise(samples, -5, SEED), clip(samples, 100)):
        assert np.isfinite(changed).all()
        assert np.abs(changed).max() <= 1 + 1e-6


@pytest.mark.parametrize(
    "change", [lambda s: add_white_noise(s, 5, SEED), lambda s: clip(s, 10)]
)
def test_the_same_eagerly_and_in_tf_data(change):
    (changed,) = tf.data.Dataset.from_tensors(tone()).map(change)
    np.testing.assert_allclose(changed, change(tf.constant(tone())), atol=1e-6)
