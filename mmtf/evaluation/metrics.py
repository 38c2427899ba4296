"""Figures from labels and outputs, by scikit-learn; undefined ones are None.

Legend: N rows, C classes.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy.special import log_softmax
from sklearn import metrics as sk


def classification_metrics(labels: np.ndarray, logits: np.ndarray) -> dict:
    """Accuracy, macro precision, recall and F1, ROC-AUC, PR-AUC, cross-entropy.

    Args:
        labels: (N,) class indices.
        logits: (N, C).

    Returns:
        `{name: value}`. Macro figures are means over the classes that occur in
        the labels; the areas are one-against-rest and None when fewer than two
        classes occur.
    """
    if not len(labels):
        return {name: None for name in CLASSIFICATION_METRICS}
    log_scores = log_softmax(logits.astype("float64"), axis=-1)
    predicted = log_scores.argmax(-1)
    classes = np.unique(labels)
    precision, recall, f1, _ = sk.precision_recall_fscore_support(
        labels, predicted, labels=classes, average="macro", zero_division=0.0
    )
    scores = np.exp(log_scores)
    return {
        "loss": float(-log_scores[np.arange(len(labels)), labels].mean()),
        "accuracy": float(sk.accuracy_score(labels, predicted)),
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(f1),
        "roc_auc": _one_against_rest(sk.roc_auc_score, labels, scores, classes),
        "pr_auc": _one_against_rest(
            sk.average_precision_score, labels, scores, classes
        ),
    }


CLASSIFICATION_METRICS = (
    "loss", "accuracy", "precision", "recall", "f1", "roc_auc", "pr_auc",
)  # fmt: skip


def _one_against_rest(
    area: Callable, labels: np.ndarray, scores: np.ndarray, classes: np.ndarray
) -> float | None:
    if len(classes) < 2:
        return None
    return float(np.mean([area(labels == c, scores[:, c]) for c in classes]))


def regression_metrics(labels: np.ndarray, values: np.ndarray) -> dict:
    """Mean squared and absolute error, root, R2 and Pearson's correlation.

    Args:
        labels: (N,).
        values: (N, 1) predictions.

    Returns:
        `{name: value}`; R2 and the correlation are None when labels (or
        predictions, for the correlation) do not vary.
    """
    if not len(labels):
        return {name: None for name in REGRESSION_METRICS}
    labels, values = labels.astype("float64"), values[:, 0].astype("float64")
    error = float(sk.mean_squared_error(labels, values))
    varies = len(labels) > 1 and np.ptp(labels) > 0
    correlates = varies and np.ptp(values) > 0
    return {
        "loss": error,
        "mae": float(sk.mean_absolute_error(labels, values)),
        "rmse": math.sqrt(error),
        "r2": float(sk.r2_score(labels, values)) if varies else None,
        "pearson": float(np.corrcoef(labels, values)[0, 1]) if correlates else None,
    }


REGRESSION_METRICS = ("loss", "mae", "rmse", "r2", "pearson")
