"""95% intervals of figures: percentiles of their bootstrap distribution.

They tell how far a figure may lie from that of all rows of this kind, the model being
what it is; what another seed of training would change, they do not. Where all rows
are right, every resample is as well, and the interval is a point. Percentiles: Efron
and Tibshirani 1993, section 13.3. Legend: N rows, C classes, R resamples.
"""

import numpy as np

from mmtf.evaluation.calibration import brier_scores, log_losses
from mmtf.evaluation.regression import varies
from mmtf.evaluation.resampling import resampled_counts, resampled_means

RESAMPLES = 2000


def classification_intervals(
    labels: np.ndarray, logits: dict[str, np.ndarray], *, seed: int = 0
) -> dict[str, dict[str, list[float] | None]]:
    """Intervals of accuracy, balanced accuracy, macro F1, log loss and Brier score.

    Args:
        labels: (N,) class indices.
        logits: of each subset's name, (N, C), divided by the temperature.
        seed: same seed, same intervals.

    Returns:
        `{subset: {figure: [low, high]}}`; None without rows.
    """
    if not len(labels):
        figures = ("accuracy", "balanced_accuracy", "f1", "loss", "brier")
        return {name: dict.fromkeys(figures) for name in logits}
    rows = {
        name: [log_losses(labels, outputs), brier_scores(labels, outputs)]
        for name, outputs in logits.items()
    }
    intervals = {}
    for name, (loss, brier) in _resampled_rows(rows, seed).items():
        confusion = _resampled_confusion(labels, logits[name], seed)
        figures = {**confusion, "loss": loss, "brier": brier}
        intervals[name] = {key: interval(values) for key, values in figures.items()}
    return intervals


def _resampled_confusion(labels, logits, seed):
    """Accuracy, balanced accuracy and F1 (R,) of each resample."""
    num_classes = logits.shape[-1]
    cells, counts = np.unique(
        labels * num_classes + logits.argmax(-1), return_counts=True
    )
    of_class = np.eye(num_classes)
    true, answered = (of_class[index] for index in np.divmod(cells, num_classes))
    portions = [
        _confusion_figures(drawn @ (true * answered), drawn @ true, drawn @ answered)
        for drawn in resampled_counts(counts, resamples=RESAMPLES, seed=seed)
    ]
    names = ("accuracy", "balanced_accuracy", "f1")
    return {name: np.concatenate([p[name] for p in portions]) for name in names}


def _confusion_figures(right, support, answered):
    """Figures (R,) from counts by class (R, C); means over classes that occur."""
    occurs = support > 0
    num_occurring = occurs.sum(1)
    recall = right / np.where(occurs, support, 1)
    f1 = 2 * right / np.where(occurs, support + answered, 1)
    return {
        "accuracy": right.sum(1) / support.sum(1),
        "balanced_accuracy": recall.sum(1) / num_occurring,
        "f1": f1.sum(1) / num_occurring,
    }


def regression_intervals(
    labels: np.ndarray, values: dict[str, np.ndarray], *, seed: int = 0
) -> dict[str, dict[str, list[float] | None]]:
    """Intervals of mean squared and absolute error, root and Pearson's correlation.

    Args:
        labels: (N,).
        values: of each subset's name, (N, 1) predictions.
        seed: same seed, same intervals.

    Returns:
        `{subset: {figure: [low, high]}}`; None where the figure is.
    """
    if not len(labels):
        figures = ("loss", "mae", "rmse", "pearson")
        return {name: dict.fromkeys(figures) for name in values}
    rows = {
        name: _error_columns(labels, outputs[:, 0]) for name, outputs in values.items()
    }
    intervals = {}
    for name, means in _resampled_rows(rows, seed).items():
        squared, absolute, *moments = means
        intervals[name] = {
            "loss": interval(squared),
            "mae": interval(absolute),
            "rmse": interval(np.sqrt(squared)),
            "pearson": interval(_correlations(*moments)),
        }
    return intervals


def _error_columns(labels, values):
    x, y = _standardised(labels), _standardised(values)
    errors = values.astype("float64") - labels
    return [errors**2, np.abs(errors), x, y, x * x, y * y, x * y]


def _standardised(values):
    values = values.astype("float64")
    spread = values.std() if varies(values) else np.inf
    return (values - values.mean()) / spread


def _correlations(x, y, xx, yy, xy):
    """(R,) correlations; NaN for resamples in which one of both does not vary."""
    product = (xx - x * x) * (yy - y * y)
    varying = product > 1e-18
    correlations = (xy - x * y) / np.sqrt(np.where(varying, product, 1))
    return np.where(varying, correlations.clip(-1, 1), np.nan)


def _resampled_rows(rows, seed):
    """Means (K, R) of each subset's K columns (N,), on the same draws for all."""
    columns = np.stack([column for of in rows.values() for column in of], axis=1)
    means = resampled_means(columns, resamples=RESAMPLES, seed=seed)
    parts = np.split(means.T, len(rows))
    return dict(zip(rows, parts, strict=True))


def interval(resampled: np.ndarray) -> list[float] | None:
    """The middle 95% of (R,) resampled figures; those not defined are left out."""
    defined = resampled[np.isfinite(resampled)]
    if not len(defined):
        return None
    return [float(edge) for edge in np.percentile(defined, (2.5, 97.5))]
