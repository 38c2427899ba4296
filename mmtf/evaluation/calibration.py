"""Whether scores may be read as probabilities, and the temperature that mends them.

Legend: N rows, C classes.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

NUM_BINS = 15
TEMPERATURES = (0.1, 10.0)
CALIBRATION_METRICS = ("loss", "brier", "ece")


@dataclass(frozen=True)
class ReliabilityBin:
    """The rows whose greatest score is above `low` and at most `high`.

    Args:
        low: lower edge.
        high: upper edge.
        count: of rows.
        confidence: the mean of their greatest scores; None without rows.
        accuracy: the share of them that is right; None without rows.
    """

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


def calibration_metrics(labels: np.ndarray, logits: np.ndarray) -> dict:
    """Log loss, Brier score and expected calibration error.

    Args:
        labels: (N,) class indices.
        logits: (N, C), divided by the temperature.

    Returns:
        `{name: value}`; each is None when there are no rows.
    """
    if not len(labels):
        return dict.fromkeys(CALIBRATION_METRICS)
    return {
        "loss": float(log_losses(labels, logits).mean()),
        "brier": float(brier_scores(labels, logits).mean()),
        "ece": _expected_calibration_error(reliability_bins(labels, logits)),
    }


def log_losses(labels: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """(N,) losses whose mean is the log loss, from logits: no score is clipped."""
    log_scores = log_softmax(logits.astype("float64"), axis=-1)
    return -log_scores[np.arange(len(labels)), labels]


def brier_scores(labels: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """(N,) squared distances whose mean is the Brier score, from 0 to 2.

    The sum over all classes, as in the original (Brier 1950, equation 2).
    """
    scores = softmax(logits.astype("float64"), axis=-1)
    scores[np.arange(len(labels)), labels] -= 1
    return (scores**2).sum(-1)


def reliability_bins(labels: np.ndarray, logits: np.ndarray) -> list[ReliabilityBin]:
    """Accuracy against confidence, in 15 bins of equal width (Guo et al. 2017, §2).

    Args:
        labels: (N,) class indices.
        logits: (N, C), divided by the temperature.

    Returns:
        The bins from 0 to 1, those without rows included.
    """
    scores = softmax(logits.astype("float64"), axis=-1)
    edges = np.linspace(0, 1, NUM_BINS + 1)
    confidence = scores.max(-1)
    place = np.digitize(confidence, edges[1:-1], right=True)
    sums = [
        np.bincount(place, weights, minlength=NUM_BINS)
        for weights in (None, confidence, scores.argmax(-1) == labels)
    ]
    return [
        ReliabilityBin(
            low=float(low),
            high=float(high),
            count=int(count),
            confidence=float(total / count) if count else None,
            accuracy=float(right / count) if count else None,
        )
        for low, high, count, total, right in zip(
            edges[:-1], edges[1:], *sums, strict=True
        )
    ]


def _expected_calibration_error(bins):
    """The mean over rows of |accuracy - confidence| of their bins (equation 3)."""
    gaps = [b.count * abs(b.accuracy - b.confidence) for b in bins if b.count]
    return sum(gaps) / sum(b.count for b in bins)


def fit_temperature(labels: np.ndarray, logits: np.ndarray) -> float:
    """The temperature T whose scores, softmax(logits / T), have the least log loss.

    It changes no answer, only how sure the model is of it (Guo et al. 2017, §4.2).

    Args:
        labels: (N,) class indices of rows that the model was not trained on.
        logits: (N, C).

    Returns:
        T, from 0.1 to 10. It is 1 where no T is best: with no rows, when every row
        is right (the loss falls as long as T does), or when no row prefers a class.
    """
    logits = logits.astype("float64")
    is_right = logits[np.arange(len(labels)), labels] == logits.max(-1, initial=-np.inf)
    if is_right.all():
        return 1.0
    found = minimize_scalar(
        lambda log_t: log_losses(labels, logits / np.exp(log_t)).mean(),
        bounds=np.log(TEMPERATURES),
        method="bounded",
        options={"xatol": 1e-6},
    )
    return float(np.exp(found.x))
