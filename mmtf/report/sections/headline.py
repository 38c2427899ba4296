"""The answer in two sentences, and the figures that a reader asks for first."""

from mmtf.features import FULL
from mmtf.report.evidence import Evidence
from mmtf.report.figures import (
    HEADLINE,
    interval_of,
    label,
    show,
    show_interval,
    show_spread,
)
from mmtf.report.page import count

_TILES = {
    "classification": ("accuracy", "f1", "roc_auc", "loss", "ece"),
    "regression": ("mae", "rmse", "pearson", "spearman", "r2", "accuracy_7"),
}


def describe(evidence: Evidence) -> dict | None:
    """`result` and `verdict` (sentences) and `tiles` (label, value, interval)."""
    figures = evidence.figures
    if figures is None:
        return None
    return {
        "result": result(evidence),
        "verdict": _verdict(figures),
        "tiles": [
            {
                "label": label(key, evidence.task),
                "value": show(key, figures[key]),
                "interval": show_interval(key, interval_of(figures, FULL, key)),
                "seeds": _over_seeds(evidence.seeds, key),
            }
            for key in _TILES[evidence.task]
            if key in figures
        ],
    }


def result(evidence: Evidence) -> str:
    """How good the model is on the split, in a sentence with its interval."""
    figures, key = evidence.figures, HEADLINE[evidence.task]
    rows = f"{count(figures['examples'])} {evidence.split} rows"
    if figures[key] is None:
        return f"There is nothing to say of {rows}."
    shown = show(key, figures[key])
    interval = show_interval(key, interval_of(figures, FULL, key))
    sure = f" (95% interval {interval})" if interval else ""
    if evidence.task == "regression":
        return f"Over {rows}, the answer is off by {shown} on average{sure}."
    return f"The model is right on {shown} of {rows}{sure}."


def _verdict(figures):
    comparisons = figures.get("comparisons", {})
    best = comparisons.get("best_single")
    if best is None:
        return None
    return f"Seeing all modalities, it is {comparisons['against'][best]['sentence']}."


def _over_seeds(seeds, key):
    """Mean and deviation over seeds; empty when there was one."""
    summary = (seeds or {}).get(key)
    if summary is None or summary["std"] is None:
        return ""
    return f"{show_spread(key, summary)} over {len(summary['values'])} seeds"
