"""How the model does when it sees only some of the modalities."""

import math

from mmtf.features import FULL, MODALITIES
from mmtf.report.evidence import Evidence
from mmtf.report.figures import (
    HEADLINE,
    interval_of,
    label,
    present,
    show,
    show_interval,
    show_spread,
)

_COLUMNS = {
    "classification": ("f1", "roc_auc", "loss", "ece"),
    "regression": ("rmse", "pearson", "spearman"),
}


def describe(evidence: Evidence) -> dict | None:
    """A row for each subset with its interval drawn, and what the tests say."""
    figures, task = evidence.figures, evidence.task
    if figures is None:
        return None
    key, columns = HEADLINE[task], _COLUMNS[task]
    subsets = figures["subsets"]
    axis = Axis.around(
        value
        for name in subsets
        for value in [subsets[name][key], *(interval_of(figures, name, key) or [])]
    )
    against = figures.get("comparisons", {}).get("against", {})
    keys = present(subsets[FULL])
    return {
        "figure": label(key, task),
        "columns": [label(column, task) for column in columns],
        "low": show(key, axis.low),
        "high": show(key, axis.high),
        "guide": axis.place(subsets[FULL][key]),
        "rows": [_row(figures, name, key, columns, axis) for name in subsets],
        "sentences": [comparison["sentence"] for comparison in against.values()],
        "all_labels": [label(each, task) for each in keys],
        "all_rows": [
            (name, [show(each, subsets[name][each]) for each in keys])
            for name in subsets
        ],
        "seeds": _seed_rows(evidence.seeds, (key, *columns), task),
    }


class Axis:
    """Where values stand between two round ends, in per cent.

    Args:
        low: one end.
        high: the other.
    """

    def __init__(self, low: float, high: float):
        self.low, self.high = low, high

    @classmethod
    def around(cls, values) -> "Axis":
        """An axis that holds values; those that are None have no place."""
        values = [value for value in values if value is not None]
        low, high = min(values, default=0.0), max(values, default=1.0)
        step = 10 ** math.floor(math.log10(max(high - low, 1e-6))) / 2
        ends = math.floor(low / step) * step, math.ceil(high / step) * step
        return cls(*ends) if ends[0] < ends[1] else cls(low - step, high + step)

    def place(self, value: float | None) -> float | None:
        """From 0 at the low end to 100 at the high one."""
        if value is None:
            return None
        return round(100 * (value - self.low) / (self.high - self.low), 2)


def _row(figures, name, key, columns, axis):
    values, interval = figures["subsets"][name], interval_of(figures, name, key)
    return {
        "name": name,
        "tone": name if name in MODALITIES else "fused" if name == FULL else "quiet",
        "is_full": name == FULL,
        "value": show(key, values[key]),
        "interval": show_interval(key, interval),
        "place": axis.place(values[key]),
        "ends": [axis.place(bound) for bound in interval] if interval else None,
        "cells": [show(column, values.get(column)) for column in columns],
    }


def _seed_rows(seeds, keys, task):
    """Means and deviations over seeds; None when there was one training."""
    if not seeds:
        return None
    keys = [key for key in keys if key in seeds]
    return {
        "number": len(seeds[keys[0]]["values"]),
        "labels": [label(key, task) for key in keys],
        "rows": [
            (name, [show_spread(key, summaries[key]) for key in keys])
            for name, summaries in seeds["subsets"].items()
        ],
    }
