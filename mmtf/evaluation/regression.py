"""Figures of a regressor, by scikit-learn and SciPy; what is not defined is None.

Legend: N rows.
"""

import math

import numpy as np
from scipy import stats
from sklearn import metrics as sk

REGRESSION_METRICS = ("loss", "mae", "rmse", "r2", "pearson", "spearman")
SENTIMENT_METRICS = ("accuracy_2_non_negative", "accuracy_2_positive", "accuracy_7")
SENTIMENT_LIMIT = 3


def regression_metrics(labels: np.ndarray, values: np.ndarray) -> dict:
    """Mean squared and absolute error, root, R2, Pearson's and Spearman's correlation.

    Args:
        labels: (N,).
        values: (N, 1) predictions.

    Returns:
        `{name: value}`, None for all when there are no rows; R2 and the correlations
        are None when labels (or predictions, for the correlations) do not vary by
        more than rounding.
    """
    if not len(labels):
        return dict.fromkeys(REGRESSION_METRICS)
    labels, values = labels.astype("float64"), values[:, 0].astype("float64")
    error = float(sk.mean_squared_error(labels, values))
    return {
        "loss": error,
        "mae": float(sk.mean_absolute_error(labels, values)),
        "rmse": math.sqrt(error),
        "r2": float(sk.r2_score(labels, values)) if varies(labels) else None,
        "pearson": _correlation(labels, values),
        "spearman": _correlation(stats.rankdata(labels), stats.rankdata(values)),
    }


def varies(values: np.ndarray) -> bool:
    """Whether values (N,) differ by more than rounding, as a correlation needs."""
    return bool(np.ptp(values) > 1e-10 * np.abs(values).max())


def _correlation(labels, values):
    if not (varies(labels) and varies(values)):
        return None
    return float(stats.pearsonr(labels, values).statistic)


def sentiment_metrics(labels: np.ndarray, values: np.ndarray) -> dict:
    """Accuracies as the sentiment field reports them for numbers from -3 to 3.

    The conventions of CMU-MOSI (Zadeh et al. 2016) and CMU-MOSEI (Zadeh et al. 2018),
    as Tsai et al. 2019 (MulT) and most since compute them.

    Args:
        labels: (N,).
        values: (N, 1) predictions.

    Returns:
        `accuracy_2_non_negative` of negative against the rest;
        `accuracy_2_positive` of positive against the rest over rows whose label is
        not 0; `accuracy_7` after rounding to whole numbers from -3 to 3. None where
        there are no rows.
    """
    values = values[:, 0]
    is_polar = labels != 0
    return {
        "accuracy_2_non_negative": _share((values >= 0) == (labels >= 0)),
        "accuracy_2_positive": _share(((values > 0) == (labels > 0))[is_polar]),
        "accuracy_7": _share(_rounded(values) == _rounded(labels)),
    }


def _rounded(values):
    return np.round(np.clip(values, -SENTIMENT_LIMIT, SENTIMENT_LIMIT))


def _share(is_right):
    return float(is_right.mean()) if len(is_right) else None
