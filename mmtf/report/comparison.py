"""Runs side by side: their figures, how they differ, and whether that is chance.

Legend: N rows, R runs.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from mmtf.errors import InputError
from mmtf.evaluation.significance import (
    compare_absolute_errors,
    compare_accuracies,
    conclude,
)
from mmtf.evaluation.verdict import sentence
from mmtf.features import FULL
from mmtf.report.evidence import Evidence
from mmtf.report.figures import (
    interval_of,
    present,
    show,
    show_interval,
    show_spread,
)
from mmtf.report.sections.environment import options


def compare_runs(runs: Sequence[Evidence]) -> dict:
    """Compares runs on one split; the first is what the others are held against.

    Args:
        runs: two or more, of the same task and the same classes.

    Returns:
        What `mmtf compare --json` prints: `split`, `task`, `runs` (`name`, `examples`,
        `figures` of the model that sees all, their `intervals`, and `seeds` if it was
        trained several times), `options` (the values, in the runs' order, of each
        that differs) and `against_first` (for each other run the paired comparison
        with its `sentence`, which alone is there, with the reason, when the two were
        not asked about the same rows).

    Raises:
        InputError: there are too few, or they cannot be compared.
    """
    _check(runs)
    first, *others = runs
    return {
        "split": first.split,
        "task": first.task,
        "runs": [_figures(run) for run in runs],
        "options": _differing_options(runs),
        "against_first": _against(first, others),
    }


def _check(runs):
    if len(runs) < 2:
        raise InputError(
            f"Two runs or more can be compared. Received: {len(runs)}. Name another."
        )
    first = runs[0]
    for run in runs:
        if run.figures is None:
            raise InputError(
                f"RUN must have been measured on {run.split}. Received: {run.name!r}, "
                "which was not. Run `mmtf evaluate` on it first."
            )
        if run.config.labels != first.config.labels:
            raise InputError(
                "Runs must have the same labels to be compared. Received: "
                f"{run.config.labels} in {run.name!r} and {first.config.labels} in "
                f"{first.name!r}."
            )


def _figures(run):
    keys = present(run.figures["subsets"][FULL])
    return {
        "name": run.name,
        "examples": run.figures["examples"],
        "figures": {key: run.figures[key] for key in keys},
        "intervals": {
            key: interval
            for key in keys
            if (interval := interval_of(run.figures, FULL, key)) is not None
        },
        "seeds": _seeds(run, keys),
    }


def _seeds(run, keys):
    if run.seeds is None:
        return None
    return {key: run.seeds[key] for key in keys if key in run.seeds}


def _differing_options(runs):
    flat = [options(dataclasses.asdict(run.config)) for run in runs]
    names = dict.fromkeys(name for of_run in flat for name in of_run)
    values = {name: [of_run.get(name, "") for of_run in flat] for name in names}
    return {name: of_runs for name, of_runs in values.items() if len(set(of_runs)) > 1}


def _against(first, others):
    reasons = {other.name: _not_paired(first, other) for other in others}
    comparisons = {
        other.name: _compare(other, first)
        for other in others
        if reasons[other.name] is None
    }
    concluded = conclude(comparisons)
    return [
        _named(other.name, first.name, concluded.get(other.name), reasons[other.name])
        for other in others
    ]


def _not_paired(first, other):
    for run in (first, other):
        if run.predictions is None:
            return f"{run.name} has no answers to single rows: evaluate it again"
    ours, theirs = first.predictions, other.predictions
    if ours.ids != theirs.ids or not np.array_equal(ours.labels, theirs.labels):
        return "they were not measured on the same rows"
    if not all(ours.ids):
        return "their rows have no ids, by which to tell that they are the same"
    return None


def _compare(run, rival):
    if run.task == "regression":
        errors = [
            np.abs(each.values() - each.predictions.labels) for each in (run, rival)
        ]
        return compare_absolute_errors(errors[0], {"": errors[1]})[""]
    is_right = [
        each.predictions.logits[FULL].argmax(-1) == each.predictions.labels
        for each in (run, rival)
    ]
    return compare_accuracies(is_right[0], {"": is_right[1]})[""]


def _named(name, rival, comparison, reason):
    if comparison is None:
        return {"name": name, "sentence": f"{name} is not compared: {reason}."}
    said = sentence(rival, comparison, comparison["p_holm"])
    return {"name": name, **comparison, "sentence": f"{name} is {said}."}


def show_figure(run: dict, key: str) -> str:
    """A run's figure with its interval and its spread over seeds, as far as known.

    Args:
        run: one of `runs` of `compare_runs`.
        key: of the figure.
    """
    if key not in run["figures"]:
        return "not measured"
    shown = show(key, run["figures"][key])
    if key in run["intervals"]:
        shown += f" ({show_interval(key, run['intervals'][key])})"
    spread = (run["seeds"] or {}).get(key)
    if spread is not None and spread["std"] is not None:
        shown += f", seeds {show_spread(key, spread)}"
    return shown
