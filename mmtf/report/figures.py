"""The figures of metrics.json: their names for readers, and how they are written."""

from collections.abc import Iterable, Mapping

from mmtf.report.page import number, percent

HEADLINE = {"classification": "accuracy", "regression": "mae"}
"""The figure of each task that a page begins with."""

LABELS = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "f1": "F1 (macro)",
    "precision": "precision (macro)",
    "recall": "recall (macro)",
    "f1_weighted": "F1 (weighted)",
    "precision_weighted": "precision (weighted)",
    "recall_weighted": "recall (weighted)",
    "roc_auc": "ROC-AUC",
    "pr_auc": "PR-AUC",
    "loss": "log loss",
    "brier": "Brier score",
    "ece": "calibration error",
    "mae": "mean absolute error",
    "rmse": "root mean squared error",
    "pearson": "Pearson correlation",
    "spearman": "Spearman correlation",
    "r2": "R\N{SUPERSCRIPT TWO}",
    "accuracy_2_non_negative": "accuracy-2 (negative or not)",
    "accuracy_2_positive": "accuracy-2 (positive or negative)",
    "accuracy_7": "accuracy-7",
}
_SQUARED_ERROR = "mean squared error"


def label(key: str, task: str) -> str:
    """What a reader calls a figure."""
    if key == "loss" and task == "regression":
        return _SQUARED_ERROR
    return LABELS[key]


def present(keys: Iterable[str]) -> list[str]:
    """Those of the keys that are figures, in the order in which they are shown."""
    keys = set(keys)
    return [key for key in LABELS if key in keys]


def show(key: str, value: float | None) -> str:
    """A figure: accuracies in per cent, all others as numbers."""
    return percent(value) if "accuracy" in key else number(value)


def show_interval(key: str, interval: list[float] | None) -> str:
    """A 95% interval; empty when there is none."""
    if interval is None:
        return ""
    low, high = (show(key, bound) for bound in interval)
    return f"{low} to {high}"


def show_spread(key: str, summary: Mapping) -> str:
    """The mean of a figure over seeds, with its deviation if there were several."""
    mean = show(key, summary["mean"])
    if summary["std"] is None:
        return mean
    return f"{mean} \N{PLUS-MINUS SIGN} {show(key, summary['std'])}"


def interval_of(figures: dict, subset: str, key: str) -> list[float] | None:
    """The 95% interval of a subset's figure in a split's object of metrics.json."""
    return figures["subsets"][subset].get("intervals", {}).get(key)
