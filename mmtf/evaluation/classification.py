"""Figures of a classifier, by scikit-learn; what is not defined is None.

Legend: N rows, C classes.
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import softmax
from sklearn import metrics as sk

from mmtf.evaluation.calibration import calibration_metrics

CLASSIFICATION_METRICS = (
    "loss", "accuracy", "balanced_accuracy", "precision", "recall", "f1",
    "precision_weighted", "recall_weighted", "f1_weighted", "roc_auc", "pr_auc",
    "brier", "ece",
)  # fmt: skip


def classification_metrics(labels: np.ndarray, logits: np.ndarray) -> dict:
    """All figures of `CLASSIFICATION_METRICS`.

    Args:
        labels: (N,) class indices.
        logits: (N, C), divided by the temperature.

    Returns:
        `{name: value}`, None for all when there are no rows. `precision`, `recall`,
        `f1` and the areas are means over the classes that occur in the labels (macro),
        those with `_weighted` weigh each class by its rows. A class that is never
        answered has precision 0. `balanced_accuracy` is the mean recall. The areas
        are one class against the rest, None when fewer than two classes occur.
    """
    if not len(labels):
        return dict.fromkeys(CLASSIFICATION_METRICS)
    predicted, classes = logits.argmax(-1), np.unique(labels)
    scores = softmax(logits.astype("float64"), axis=-1)
    macro = _averaged(labels, predicted, classes, "macro")
    weighted = _averaged(labels, predicted, classes, "weighted")
    figures = {
        **calibration_metrics(labels, logits),
        "accuracy": float(sk.accuracy_score(labels, predicted)),
        "balanced_accuracy": macro["recall"],
        **macro,
        **{f"{name}_weighted": value for name, value in weighted.items()},
        "roc_auc": _one_against_rest(sk.roc_auc_score, labels, scores, classes),
        "pr_auc": _one_against_rest(
            sk.average_precision_score, labels, scores, classes
        ),
    }
    return {name: figures[name] for name in CLASSIFICATION_METRICS}


def _averaged(labels, predicted, classes, average):
    precision, recall, f1, _ = sk.precision_recall_fscore_support(
        labels, predicted, labels=classes, average=average, zero_division=0.0
    )
    return {"precision": float(precision), "recall": float(recall), "f1": float(f1)}


def _one_against_rest(
    area: Callable, labels: np.ndarray, scores: np.ndarray, classes: np.ndarray
) -> float | None:
    if len(classes) < 2:
        return None
    return float(np.mean([area(labels == c, scores[:, c]) for c in classes]))


def confusion_matrix(labels: np.ndarray, logits: np.ndarray) -> list[list[int]]:
    """How often each class was answered for each.

    Args:
        labels: (N,) class indices.
        logits: (N, C).

    Returns:
        C rows of the true classes, C columns of the answers.
    """
    num_classes = logits.shape[-1]
    cells = labels * num_classes + logits.argmax(-1)
    counts = np.bincount(cells, minlength=num_classes**2)
    return counts.reshape(num_classes, num_classes).tolist()


def per_class(
    labels: np.ndarray, logits: np.ndarray, class_names: Sequence[str]
) -> dict[str, dict]:
    """Precision, recall and F1 of each class, and the rows that have it (support).

    Args:
        labels: (N,) class indices.
        logits: (N, C).
        class_names: C names.

    Returns:
        `{name: figures}`. Precision is None for a class that is never answered,
        recall for one without rows, F1 for one that is neither.
    """
    counts = np.array(confusion_matrix(labels, logits))
    right, support, answered = counts.diagonal(), counts.sum(1), counts.sum(0)
    return {
        name: {
            "precision": _share(right[c], answered[c]),
            "recall": _share(right[c], support[c]),
            "f1": _share(2 * right[c], support[c] + answered[c]),
            "support": int(support[c]),
        }
        for c, name in enumerate(class_names)
    }


def _share(part, whole):
    return float(part / whole) if whole else None
