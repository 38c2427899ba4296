"""Numbers that may be wrong. Legend: N rows."""

import numpy as np
from scipy.optimize import nnls

from pipelines.inspection.doubts import Doubts
from pipelines.inspection.probe import (
    MIN_ROWS,
    Samples,
    deal_folds,
    number_evidence,
)

MIN_R2 = 0.05
"""Guesses that explain less of the numbers are not worth following."""
MAX_DEVIATIONS = 3.0


def doubt_numbers(
    samples: Samples, numbers: np.ndarray, groups: np.ndarray, seed: int
) -> Doubts:
    """Finds numbers that are far from what ridge regressions say.

    Far is `MAX_DEVIATIONS` standard deviations, taken from the median absolute
    error, so that wrong labels do not widen it. Arguments as `doubt_classes`.
    """
    if len(numbers) < MIN_ROWS or np.ptp(numbers) == 0:
        return Doubts(f"fewer than {MIN_ROWS} rows of different numbers")
    folds = deal_folds(groups, numbers, seed)
    evidence = number_evidence(samples, numbers, folds)
    if not evidence:
        return Doubts(f"no modality that {MIN_ROWS} rows have")
    columns = np.concatenate(list(evidence.values()), axis=1)
    weights, _ = nnls(columns, numbers - numbers.mean())
    guesses = numbers.mean() + columns @ weights
    errors = numbers - guesses
    r2 = float(1 - np.mean(errors**2) / np.var(numbers))
    if r2 < MIN_R2:
        return Doubts("the models guess no better than the mean", r2, 0.0)
    deviations = np.abs(errors) / (1.4826 * np.median(np.abs(errors)))
    rows = np.flatnonzero(deviations > MAX_DEVIATIONS)
    rows = rows[np.argsort(-deviations[rows], kind="stable")]
    return Doubts(
        reason="",
        score=r2,
        baseline=0.0,
        weights=dict(zip(evidence, weights.tolist(), strict=True)),
        rows=rows,
        likely=guesses[rows],
        given_score=deviations[rows],
    )
