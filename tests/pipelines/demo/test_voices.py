import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pipelines.demo.oracle import MOODS, NEUTRAL
from pipelines.demo.rows import draw_rows
from pipelines.demo.voices import MANNERS, speak


def voices(mood, count, seed=0):
    rng = np.random.default_rng(seed)
    return [speak(mood, rng) for _ in range(count)]


def band_levels(waveform):
    """(16,) mean log power of frequency bands, and (16,) of its change in time."""
    frames = np.lib.stride_tricks.sliding_window_view(waveform, 400)[::200]
    power = np.abs(np.fft.rfft(frames * np.hanning(400))) ** 2
    bands = np.log([band.mean(axis=1) for band in np.array_split(power, 16, axis=1)])
    return np.concatenate([bands.mean(axis=1), np.abs(np.diff(bands)).mean(axis=1)])


@pytest.mark.parametrize("mood", MOODS)
def test_length_range_and_dtype(mood):
    for waveform in voices(mood, 20):
        assert waveform.dtype == np.float32
        assert 16000 <= len(waveform) <= 32000
        assert np.isfinite(waveform).all()
        assert np.abs(waveform).max() < 1


@pytest.mark.parametrize("mood", MOODS)
def test_level_is_that_of_the_manner(mood):
    low, high = MANNERS[mood].level_dbfs
    for waveform in voices(mood, 20):
        assert low - 1 < 20 * np.log10(waveform.std()) < high + 0.1


def test_same_generator_same_voice():
    (one,), (same,), (other,) = (voices(NEUTRAL, 1, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert len(one) != len(other) or (one != other).any()


def test_spectra_tell_the_mood():
    """Learned from noisy labels, as in the corpus, and held to the mood shown."""
    rows = [row for row in draw_rows(600, 0) if "audio" in row.shown]
    levels = np.stack([
        band_levels(speak(row.shown["audio"], np.random.default_rng([1, number])))
        for number, row in enumerate(rows)
    ])  # fmt: skip
    train_mask = np.array([row.split == "train" for row in rows])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01))
    model.fit(levels[train_mask], [r.label for r in rows if r.split == "train"])
    shown = [row.shown["audio"] for row in rows if row.split != "train"]
    assert model.score(levels[~train_mask], shown) > 0.95
