"""Predicted against true values, and the errors; for regression.

Legend: N rows.
"""

import numpy as np

from mmtf.report.evidence import Evidence
from mmtf.report.plots import histogram, scatter_plot

MAX_POINTS = 1500
"""More would make the page heavy and the picture no clearer."""


def describe(evidence: Evidence) -> dict | None:
    """Two plots, and how many rows the first shows."""
    if evidence.task == "classification" or evidence.predictions is None:
        return None
    labels = evidence.predictions.labels.astype("float64")
    if not len(labels):
        return None
    values = evidence.values()
    shown = np.arange(len(labels))
    if len(labels) > MAX_POINTS:
        generator = np.random.default_rng(0)
        shown = generator.choice(len(labels), MAX_POINTS, replace=False)
    errors = values - labels
    low, middle, high = np.percentile(errors, (5, 50, 95))
    return {
        "scatter": scatter_plot(
            "predicted-true",
            "Predicted against true values, one point a row; on the line both are "
            "equal.",
            labels[shown],
            values[shown],
            x_label="true value",
            y_label="predicted value",
        ),
        "num_points": len(shown),
        "num_rows": len(labels),
        "errors": histogram(
            "errors",
            f"How often errors of each size occur; the middle one is {middle:.3f}, "
            f"nine in ten lie between {low:.3f} and {high:.3f}.",
            errors,
            x_label="predicted less true value",
        ),
        "middle": float(middle),
        "low": float(low),
        "high": float(high),
    }
