import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.inspection import spectrum
from pipelines.inspection.spectrum import NUM_BANDS, log_mel, means_over_parts


def tone(hertz, seconds=0.5, rate_hz=16000):
    time = np.arange(int(seconds * rate_hz)) / rate_hz
    return np.sin(2 * np.pi * hertz * time).astype("float32")


def test_a_tone_is_loudest_in_the_band_around_it():
    loudest = [
        log_mel(tone(hz), 16000).mean(axis=0).argmax() for hz in (300, 1000, 5000)
    ]
    centres_mel = np.linspace(*2595 * np.log10(1 + np.array([100, 7200]) / 700), 26)[
        1:-1
    ]
    centres_hz = 700 * (10 ** (centres_mel / 2595) - 1)
    expected = [np.abs(centres_hz - hz).argmin() for hz in (300, 1000, 5000)]
    assert np.abs(np.array(loudest) - expected).max() <= 1


def test_half_the_amplitude_is_6_decibels_less():
    loud, soft = (log_mel(gain * tone(700), 16000).max() for gain in (1, 0.5))
    assert loud - soft == pytest.approx(20 * np.log10(2), abs=0.01)


@pytest.mark.parametrize(("samples", "frames"), [(1, 1), (512, 1), (768, 2)])
def test_frames_overlap_by_half(samples, frames):
    assert log_mel(np.ones(samples, "float32"), 16000).shape == (frames, NUM_BANDS)


def test_blocks_change_nothing(monkeypatch):
    samples = np.random.default_rng(0).normal(size=9000).astype("float32")
    whole = log_mel(samples, 16000)
    monkeypatch.setattr(spectrum, "_BLOCK_FRAMES", 7)
    np.testing.assert_allclose(log_mel(samples, 16000), whole, rtol=1e-5)


@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 99))
def test_means_over_parts_share_frames_on_the_edges(frames, parts, seed):
    values = np.random.default_rng(seed).normal(size=(frames, 2)).astype("float32")
    fine = np.repeat(values, parts, axis=0).reshape(parts, frames, 2)
    expected = fine.astype("float64").mean(axis=1)
    np.testing.assert_allclose(means_over_parts(values, parts), expected, atol=1e-6)
