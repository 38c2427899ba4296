import numpy as np
import pytest

from mmtf.evaluation import resampling
from mmtf.evaluation.resampling import resampled_counts, resampled_means


def test_means_scatter_as_theory_says():
    column = np.random.default_rng(0).normal(size=400)
    means = resampled_means(column[:, None], resamples=4000)
    assert means.shape == (4000, 1)
    error = column.std() / np.sqrt(400)
    assert means.mean() == pytest.approx(column.mean(), abs=error / 10)
    assert means.std() == pytest.approx(error, rel=0.05)


def test_columns_are_drawn_together():
    column = np.random.default_rng(0).normal(size=50)
    means = resampled_means(np.stack([column, 1 - column], axis=1), resamples=20)
    np.testing.assert_allclose(means.sum(1), 1)


def test_counts_scatter_as_means_of_indicators_do():
    counts = np.array([30, 0, 70])
    drawn = np.concatenate(list(resampled_counts(counts, resamples=4000)))
    assert (drawn.sum(1) == 100).all()
    assert (drawn[:, 1] == 0).all()
    means = resampled_means(np.repeat([1, 0], [30, 70])[:, None], resamples=4000)
    assert drawn[:, 0].std() / 100 == pytest.approx(means.std(), rel=0.05)
    assert drawn[:, 0].mean() / 100 == pytest.approx(means.mean(), rel=0.01)


def test_the_seed_decides():
    column = np.arange(9.0)[:, None]
    first, again, other = (
        resampled_means(column, resamples=5, seed=seed) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_resamples_in_portions_are_all_there(monkeypatch):
    whole = resampled_means(np.arange(9.0)[:, None], resamples=7)
    monkeypatch.setattr(resampling, "_COUNTS_AT_ONCE", 20)
    parts = resampled_means(np.arange(9.0)[:, None], resamples=7)
    np.testing.assert_allclose(parts, whole)
    counts = resampled_counts(np.array([3, 4]), resamples=25)
    assert [len(part) for part in counts] == [10, 10, 5]
