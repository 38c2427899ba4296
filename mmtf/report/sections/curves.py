"""ROC and precision-recall curves of each class against the rest.

Legend: N rows, C classes.
"""

import numpy as np
from sklearn import metrics as sk

from mmtf.report.evidence import Evidence
from mmtf.report.plots import line_plot, series_line

MAX_CLASSES = 6
"""More lines cannot be told apart."""
_MAX_POINTS = 400


def describe(evidence: Evidence) -> dict | None:
    """Two plots, and how many classes they leave out."""
    if evidence.task == "regression" or evidence.predictions is None:
        return None
    labels, scores = evidence.predictions.labels, evidence.scores()
    counts = np.bincount(labels, minlength=len(evidence.class_names))
    has_curve = (counts > 0) & (counts < len(labels))
    if not has_curve.any():
        return None
    commonest = np.argsort(-np.where(has_curve, counts, 0), kind="stable")
    shown = sorted(commonest[: min(MAX_CLASSES, has_curve.sum())].tolist())
    classes = [
        (evidence.class_names[index], labels == index, scores[:, index])
        for index in shown
    ]
    return {
        "roc": _roc(classes),
        "precision_recall": _precision_recall(classes),
        "left_out": len(evidence.class_names) - len(shown),
    }


def _roc(classes):
    return _plot(
        "roc",
        "ROC curves, area under each",
        classes,
        curve=_roc_curve,
        area=sk.roc_auc_score,
        x_label="false positive rate",
        y_label="true positive rate",
        diagonal=True,
    )


def _precision_recall(classes):
    return _plot(
        "precision-recall",
        "Precision-recall curves, average precision of each",
        classes,
        curve=_precision_recall_curve,
        area=sk.average_precision_score,
        x_label="recall",
        y_label="precision",
    )


def _plot(name, what, classes, *, curve, area, **axes):
    lines, said = [], []
    for index, (class_name, is_class, score) in enumerate(classes):
        x, y = _thinned(*curve(is_class, score))
        shown = f"{area(is_class, score):.3f}"
        lines.append(series_line(index, x=x, y=y, label=f"{class_name} ({shown})"))
        said.append(f"{class_name} {shown}")
    words = f"{what}: {', '.join(said)}."
    return line_plot(
        name, words, lines, x_limits=(-0.01, 1), y_limits=(0, 1.02), **axes
    )


def _roc_curve(is_class, score):
    false_positive_rate, true_positive_rate, _ = sk.roc_curve(is_class, score)
    return false_positive_rate, true_positive_rate


def _precision_recall_curve(is_class, score):
    precision, recall, _ = sk.precision_recall_curve(
        is_class, score, drop_intermediate=True
    )
    return recall[::-1], precision[::-1]


def _thinned(x, y):
    """As many points as a screen can show, both ends among them."""
    if len(x) <= _MAX_POINTS:
        return x, y
    kept = np.unique(np.linspace(0, len(x) - 1, _MAX_POINTS).round().astype(int))
    return x[kept], y[kept]
