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
    lines, said = [], []
    for index, (name, is_class, score) in enumerate(classes):
        x, y, _ = sk.roc_curve(is_class, score)
        area = sk.roc_auc_score(is_class, score)
        x, y = _thinned(x, y)
        lines.append(series_line(index, x=x, y=y, label=f"{name} ({area:.3f})"))
        said.append(f"{name} {area:.3f}")
    return line_plot(
        "roc",
        f"ROC curves, area under each: {', '.join(said)}.",
        lines,
        x_label="false positive rate",
        y_label="true positive rate",
        x_limits=(-0.01, 1),
        y_limits=(0, 1.02),
        diagonal=True,
    )


def _precision_recall(classes):
    lines, said = [], []
    for index, (name, is_class, score) in enumerate(classes):
        precision, recall, _ = sk.precision_recall_curve(
            is_class, score, drop_intermediate=True
        )
        area = sk.average_precision_score(is_class, score)
        x, y = _thinned(recall[::-1], precision[::-1])
        line = series_line(index, x=x, y=y, label=f"{name} ({area:.3f})")
        lines.append(line)
        said.append(f"{name} {area:.3f}")
    return line_plot(
        "precision-recall",
        f"Precision-recall curves, average precision of each: {', '.join(said)}.",
        lines,
        x_label="recall",
        y_label="precision",
        x_limits=(-0.01, 1),
        y_limits=(0, 1.02),
    )


def _thinned(x, y):
    """As many points as a screen can show, both ends among them."""
    if len(x) <= _MAX_POINTS:
        return x, y
    kept = np.unique(np.linspace(0, len(x) - 1, _MAX_POINTS).round().astype(int))
    return x[kept], y[kept]
