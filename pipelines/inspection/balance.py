"""Whether the splits look like one corpus dealt at random.

Legend: N rows, K splits, V values.
"""

import numpy as np
from scipy import stats

from pipelines.inspection.findings import Comparison

MIN_EXPECTED = 5
SIGNIFICANCE = 0.01
"""Splits count as different below this p."""


def compare_counts(counts: np.ndarray) -> Comparison:
    """Pearson's chi-square test of homogeneity.

    Values that no split has are left out. It is not defined for fewer than two
    splits, nor where the approximation is poor: W. Cochran, "Some Methods for
    Strengthening the Common Chi-square Tests" (1954), wants four in five of the
    expected counts to be 5 or more, and all to be 1 or more.

    Args:
        counts: int (K, V), how often each split has each value.
    """
    counts = counts[:, counts.sum(axis=0) > 0]
    if len(counts) < 2 or not counts.sum(axis=1).all():
        return _not_defined("chi-square")
    if counts.shape[1] == 1:
        return Comparison(test="chi-square", statistic=0.0, p=1.0, effect=0.0)
    result = stats.chi2_contingency(counts, correction=False)
    expected = result.expected_freq
    if np.mean(expected >= MIN_EXPECTED) < 0.8 or expected.min() < 1:
        return _not_defined("chi-square")
    return Comparison(
        test="chi-square",
        statistic=float(result.statistic),
        p=float(result.pvalue),
        effect=float(stats.contingency.association(counts, method="cramer")),
    )


def compare_numbers(numbers: list[np.ndarray]) -> Comparison:
    """Kruskal and Wallis's test by ranks.

    It is not defined for fewer than two splits, where a split has fewer than 5
    numbers, nor where all numbers are equal.

    Args:
        numbers: of each of the K splits.
    """
    everything = np.concatenate(numbers)
    too_few = len(numbers) < 2 or min(map(len, numbers)) < MIN_EXPECTED
    if too_few or np.ptp(everything) == 0:
        return _not_defined("Kruskal-Wallis")
    result = stats.kruskal(*numbers)
    return Comparison(
        test="Kruskal-Wallis",
        statistic=float(result.statistic),
        p=float(result.pvalue),
        effect=float(result.statistic / (len(everything) - 1)),
    )


def _not_defined(test):
    return Comparison(test=test, statistic=None, p=None, effect=None)


def differs(comparison: Comparison) -> bool:
    """Whether chance alone is no good explanation."""
    return comparison.p is not None and comparison.p < SIGNIFICANCE
