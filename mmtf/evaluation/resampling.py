"""The bootstrap: what would have come out, had the rows been drawn anew.

Each resample draws as many rows as there are, with replacement (Efron and Tibshirani
1993, chapter 6). Legend: N rows, R resamples, K columns or outcomes.
"""

from collections.abc import Iterator

import numpy as np

# Counts that are held at once, 32 MB of them.
_COUNTS_AT_ONCE = 2**22


def resampled_means(
    columns: np.ndarray, *, resamples: int, seed: int = 0
) -> np.ndarray:
    """Means of columns over resamples of their rows.

    All columns are of the same rows in each resample, so that they may be compared.

    Args:
        columns: (N, K), N 1 or more.
        resamples: R.
        seed: same seed, same resamples.

    Returns:
        (R, K).
    """
    generator, rows = np.random.default_rng(seed), len(columns)
    means = []
    for number in _portions(resamples, rows):
        times = [
            np.bincount(generator.integers(0, rows, rows), minlength=rows)
            for _ in range(number)
        ]
        means.append(np.array(times, "float64") @ columns / rows)
    return np.concatenate(means)


def resampled_counts(
    counts: np.ndarray, *, resamples: int, seed: int = 0
) -> Iterator[np.ndarray]:
    """How often each outcome occurs in resamples of rows that have one outcome each.

    The counts of N draws from K outcomes are one draw from a multinomial
    distribution, so that this costs the same for any number of rows.

    Args:
        counts: (K,) rows that have each outcome; they sum to 1 or more.
        resamples: R.
        seed: same seed, same resamples.

    Yields:
        (_, K) at a time, R in all.
    """
    generator, rows = np.random.default_rng(seed), counts.sum()
    for number in _portions(resamples, len(counts)):
        yield generator.multinomial(rows, counts / rows, size=number)


def _portions(resamples, width):
    at_once = max(1, _COUNTS_AT_ONCE // width)
    for start in range(0, resamples, at_once):
        yield min(at_once, resamples - start)
