"""Classes that may be wrong. Legend: N rows, C classes."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from pipelines.inspection.doubts import Doubts
from pipelines.inspection.probe import (
    MIN_ROWS,
    NUM_FOLDS,
    Samples,
    class_evidence,
    deal_folds,
)

MAX_CLASSES = 100
CONFIDENT = 0.9
"""A score that is high in any case. Where models are nearly always right, the mean
score is so near to 1 that it takes wrong labels for unsure rows."""


def doubt_classes(
    samples: Samples, labels: np.ndarray, groups: np.ndarray, seed: int
) -> Doubts:
    """Finds labels that confident learning takes for errors.

    Logistic regressions of each modality score each row out of fold; their evidence
    is added up with weights, one for each modality, that fit the labels best.

    Args:
        samples: the rows.
        labels: int (N,), indices of classes.
        groups: int (N,), equal for copies.
        seed: same seed, same outcome.
    """
    kept, codes = _frequent_classes(labels, groups)
    classes = np.unique(labels[kept])
    if len(kept) < MIN_ROWS or len(classes) < 2:
        return Doubts(f"fewer than {MIN_ROWS} rows of two classes")
    if len(classes) > MAX_CLASSES:
        return Doubts(f"more than {MAX_CLASSES} classes")
    samples = _take(samples, kept)
    folds = deal_folds(groups[kept], codes, seed)
    evidence = class_evidence(samples, codes, folds)
    if not evidence:
        return Doubts(f"no modality that {MIN_ROWS} rows have")
    prior = np.log(np.bincount(codes) / len(codes))
    weights = fit_weights(prior, evidence, codes)
    scores = np.exp(_combine(prior, evidence, weights))
    score = float(np.mean(scores.argmax(axis=1) == codes))
    baseline = float(np.exp(prior.max()))
    spread = np.sqrt(baseline * (1 - baseline) / len(codes))
    if score <= baseline + 2 * spread:
        return Doubts("the models guess no better than chance", score, baseline)
    rows, likely = confident_errors(scores, codes)
    return Doubts(
        reason="",
        score=score,
        baseline=baseline,
        weights=weights,
        rows=kept[rows],
        likely=classes[likely],
        given_score=scores[rows, codes[rows]],
        likely_score=scores[rows, likely],
    )


def _frequent_classes(labels, groups):
    """Rows of classes that every fold can have, and their classes from 0 on."""
    _, first = np.unique(groups, return_index=True)
    counts = np.bincount(labels[first], minlength=labels.max() + 1)
    kept = np.flatnonzero(counts[labels] >= NUM_FOLDS)
    return kept, np.unique(labels[kept], return_inverse=True)[1].astype("int64")


def _take(samples, rows):
    return Samples(
        [samples.text[row] for row in rows], samples.image[rows], samples.audio[rows]
    )


def fit_weights(
    prior: np.ndarray, evidence: dict[str, np.ndarray], labels: np.ndarray
) -> dict[str, float]:
    """How much the evidence of each modality counts: 0 or more, by least log loss.

    Args:
        prior: log shares of the classes, (C,).
        evidence: by modality (N, C), of rows the models did not train on.
        labels: int (N,).
    """
    stacked = np.stack(list(evidence.values()))
    rows = np.arange(len(labels))

    def loss(weights):
        log_scores = log_softmax(prior + np.tensordot(weights, stacked, 1), axis=1)
        pull = stacked[:, rows, labels] - np.sum(np.exp(log_scores) * stacked, axis=2)
        return -np.mean(log_scores[rows, labels]), -pull.mean(axis=1)

    start = np.full(len(stacked), 0.5)
    bounds = [(0, None)] * len(stacked)
    best = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    return dict(zip(evidence, best.tolist(), strict=True))


def _combine(prior, evidence, weights):
    total = sum(weights[modality] * part for modality, part in evidence.items())
    return log_softmax(prior + total, axis=1)


def confident_errors(
    scores: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Labels that are probably wrong.

    Source: C. Northcutt, L. Jiang and I. Chuang, "Confident Learning" (2021),
    section 3.1: a row is confidently of a class if its score reaches the mean score
    of the rows that have that label; of several such classes the highest counts.
    Those of another class than their label are errors, the more so the lower the
    score of their label. Here a score of `CONFIDENT` is enough, too.

    Args:
        scores: (N, C), of rows the models did not train on.
        labels: int (N,).

    Returns:
        Positions of the errors, the lowest score of the label first, and the classes
        that they are confidently of.
    """
    own = scores[np.arange(len(labels)), labels]
    sizes = np.bincount(labels, minlength=scores.shape[1])
    sums = np.bincount(labels, own, minlength=scores.shape[1])
    # Nothing is confidently of a class that has no row.
    thresholds = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    enough = np.where(sizes > 0, np.minimum(thresholds, CONFIDENT), np.inf)
    confident = np.where(scores >= enough, scores, -1.0)
    likely = confident.argmax(axis=1)
    sure = confident.max(axis=1) >= 0
    wrong = np.flatnonzero(sure & (likely != labels) & (own < thresholds[labels]))
    wrong = wrong[np.argsort(own[wrong], kind="stable")]
    return wrong, likely[wrong]
