import numpy as np
import pytest
from scipy import stats

from pipelines.inspection.balance import compare_counts, compare_numbers, differs


def test_chi_square_by_hand():
    counts = np.array([[30, 10, 0], [20, 40, 0]])
    expected = counts.sum(1, keepdims=True) * counts.sum(0)[:2] / 100
    chi_square = np.sum((counts[:, :2] - expected) ** 2 / expected)
    found = compare_counts(counts)
    assert found.statistic == pytest.approx(chi_square)
    assert found.p == pytest.approx(stats.chi2.sf(chi_square, 1))
    assert found.effect == pytest.approx(np.sqrt(chi_square / 100))
    assert differs(found)


@pytest.mark.parametrize(
    "counts", [[[9, 9]], [[3, 0], [2, 1]], [[400, 2], [400, 1]], [[0, 0], [9, 9]]]
)
def test_too_few_rows_are_not_compared(counts):
    found = compare_counts(np.array(counts))
    assert (found.statistic, found.p, found.effect) == (None, None, None)
    assert not differs(found)


def test_splits_with_one_value_are_alike():
    assert compare_counts(np.array([[9, 0], [5, 0]])).p == 1


def test_numbers_are_compared_by_ranks():
    rng = np.random.default_rng(0)
    parts = [rng.normal(size=50), rng.normal(2, 1, 30)]
    found = compare_numbers(parts)
    assert found.p == pytest.approx(stats.kruskal(*parts).pvalue)
    assert differs(found)
    ranks = stats.rankdata(np.concatenate(parts))
    mean_ranks = np.array([ranks[:50].mean(), ranks[50:].mean()])
    between = np.sum([50, 30] * (mean_ranks - 40.5) ** 2)
    assert found.effect == pytest.approx(between / np.sum((ranks - 40.5) ** 2))


@pytest.mark.parametrize("parts", [[[1.0] * 9, [1.0] * 9], [[1.0, 2] * 9, [3.0]]])
def test_equal_or_few_numbers_are_not_compared(parts):
    assert compare_numbers([np.array(part) for part in parts]).p is None
