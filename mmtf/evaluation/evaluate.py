"""From a model's predictions to one split's object in metrics.json."""

import numpy as np

from mmtf.config import Labels
from mmtf.evaluation.calibration import calibration_metrics
from mmtf.evaluation.classification import (
    classification_metrics,
    confusion_matrix,
    per_class,
)
from mmtf.evaluation.intervals import classification_intervals, regression_intervals
from mmtf.evaluation.predictions import Predictions
from mmtf.evaluation.regression import regression_metrics, sentiment_metrics
from mmtf.evaluation.significance import (
    compare_absolute_errors,
    compare_accuracies,
    conclude,
)
from mmtf.features import FULL, MODALITIES, SUBSETS, subset_name

NAMES = tuple(subset_name(subset) for subset in SUBSETS)
SINGLES = MODALITIES


def evaluate(
    predictions: Predictions,
    labels: Labels,
    *,
    temperature: float = 1.0,
    sentiment: bool = False,
    seed: int = 0,
) -> dict:
    """Measures what a model said of a split, for every subset of the modalities.

    Args:
        predictions: what `predict_subsets` returns.
        labels: gives the task and the names of the classes.
        temperature: divides the logits of a classifier.
        sentiment: adds `sentiment_metrics`; for regression.
        seed: of the bootstrap.

    Returns:
        `examples`, the figures with all modalities, `subsets` (the same figures
        when the model sees only those modalities of every row, and their
        `intervals`) and `comparisons` of the model that sees all with each that sees
        less; for a classifier also `confusion_matrix`, `per_class` and
        `calibration`. What is not defined is None.
    """
    if labels.task == "regression":
        return _evaluate_regressor(predictions, sentiment, seed)
    return _evaluate_classifier(predictions, labels.class_names, temperature, seed)


def _evaluate_classifier(predictions, class_names, temperature, seed):
    truth = predictions.labels
    logits = {
        name: predictions.logits[name].astype("float64") / temperature for name in NAMES
    }
    figures = {name: classification_metrics(truth, logits[name]) for name in NAMES}
    intervals = classification_intervals(truth, logits, seed=seed)
    is_right = {name: logits[name].argmax(-1) == truth for name in NAMES}
    comparisons = compare_accuracies(is_right.pop(FULL), is_right, seed=seed)
    best = max(SINGLES, key=lambda name: figures[name]["accuracy"] or 0.0)
    return {
        **_common(truth, figures, intervals, comparisons, best),
        "confusion_matrix": confusion_matrix(truth, logits[FULL]),
        "per_class": per_class(truth, logits[FULL], class_names),
        "calibration": {
            "temperature": temperature,
            "before": calibration_metrics(truth, predictions.logits[FULL]),
            "after": calibration_metrics(truth, logits[FULL]),
        },
    }


def _evaluate_regressor(predictions, sentiment, seed):
    truth = predictions.labels
    values = {name: predictions.logits[name] for name in NAMES}
    figures = {name: regression_metrics(truth, values[name]) for name in NAMES}
    if sentiment:
        for name in NAMES:
            figures[name] |= sentiment_metrics(truth, values[name])
    intervals = regression_intervals(truth, values, seed=seed)
    errors = {
        name: np.abs(values[name][:, 0].astype("float64") - truth) for name in NAMES
    }
    comparisons = compare_absolute_errors(errors.pop(FULL), errors, seed=seed)
    best = min(SINGLES, key=lambda name: figures[name]["mae"] or 0.0)
    return _common(truth, figures, intervals, comparisons, best)


def _common(truth, figures, intervals, comparisons, best_single):
    return {
        "examples": len(truth),
        **figures[FULL],
        "subsets": {
            name: {**figures[name], "intervals": intervals[name]} for name in NAMES
        },
        "comparisons": {
            "best_single": best_single if len(truth) else None,
            "against": conclude(comparisons),
        },
    }
