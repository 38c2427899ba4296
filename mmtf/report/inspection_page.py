"""What an inspection of data found, on one page."""

import os
from collections.abc import Mapping
from typing import Any

from mmtf.features import MODALITIES
from mmtf.report.inspection_plots import counted_histogram, share_bars
from mmtf.report.page import count, number, percent, render
from mmtf.report.rows import describe_row

_MAX_CLASSES = 20
_QUANTILES = {
    "0": "least",
    "0.05": "5%",
    "0.25": "25%",
    "0.5": "median",
    "0.75": "75%",
    "0.95": "95%",
    "1": "most",
}


def inspection_page(found: Any, rows: Mapping[tuple[str, int], Any]) -> str:
    """The page as text.

    Args:
        found: a `pipelines.inspection.Inspection`.
        rows: the rows of its suspects, as `pipelines.Row`, by split and position.

    Returns:
        HTML that needs nothing else: no file, no network, no script.
    """
    return render(
        "inspection.html.j2",
        found=found,
        name=os.path.basename(os.path.abspath(found.data)),
        modalities=MODALITIES,
        labels=_labels(found),
        combinations=_combinations(found),
        measures=_measures(found),
        repeats=_repeats(found),
        cards=[
            _card(suspect, rows.get((suspect.split, suspect.position)))
            for suspect in found.suspicion.suspects
        ],
    )


def _labels(found):
    splits = found.splits.values()
    names = [*next(iter(splits)).labels]
    shown = names[:_MAX_CLASSES]
    is_classes = found.task == "classification"
    return {
        "rows": [
            (name, [_label_cell(split, name, is_classes) for split in splits])
            for name in shown
        ],
        "left_out": len(names) - len(shown),
        "plot": _label_plot(found, shown) if is_classes else None,
    }


def _label_cell(split, name, is_classes):
    value = split.labels[name]
    if not is_classes:
        return number(value, 2), ""
    return count(value), percent(value / max(split.rows, 1))


def _label_plot(found, shown):
    shares = {
        name: [split.labels[label] / max(split.rows, 1) for label in shown]
        for name, split in found.splits.items()
    }
    words = "; ".join(
        f"{name}: " + ", ".join(map("{} {:.0%}".format, shown, of_split))
        for name, of_split in shares.items()
    )
    return share_bars("labels", f"Shares of the labels. {words}.", shares, shown)


def _combinations(found):
    splits = found.splits.values()
    return [
        (name, [split.combinations[name] for split in splits])
        for name in next(iter(splits)).combinations
        if any(split.combinations[name] for split in splits)
    ]


def _measures(found):
    return [
        {
            "name": name,
            "unit": measure.unit,
            "quantiles": {
                split: [_figure(of_split[key]) for key in _QUANTILES]
                for split, of_split in measure.quantiles.items()
            },
            "headings": list(_QUANTILES.values()),
            # One bar says no more than the table.
            "plot": _histogram(name, measure) if len(measure.counts) > 1 else None,
        }
        for name, measure in found.measures.items()
    ]


def _histogram(name, measure):
    middle = measure.quantiles["all"]
    words = (
        f"Distribution of {name}: half of the rows have {_figure(middle['0.25'])} to "
        f"{_figure(middle['0.75'])} {measure.unit}."
    )
    return counted_histogram(
        name.replace(" ", "-"),
        words,
        measure.edges,
        measure.counts,
        x_label=name if measure.unit in name else f"{name} ({measure.unit})",
        tone=name.split()[0],
    )


def _figure(value):
    return count(round(value)) if value >= 1000 else f"{value:.3g}"


def _repeats(found):
    places = next(iter(found.repeats.values())).same
    return [
        (
            _place(place),
            [
                (repeats.same[place], repeats.near[place] - repeats.same[place])
                for repeats in found.repeats.values()
            ],
        )
        for place in places
    ]


def _place(name):
    across = " in " in name
    return name.replace(" in ", " also in ") if across else f"within {name}"


def _card(suspect, row):
    return {"suspect": suspect, "content": None if row is None else describe_row(row)}
