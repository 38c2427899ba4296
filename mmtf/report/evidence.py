"""What a run folder holds of one split, read for a page. What is missing is None.

Legend: N rows, C classes.
"""

import csv
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from mmtf.config import Config
from mmtf.errors import InputError
from mmtf.evaluation.predictions import Predictions
from mmtf.features import FULL
from mmtf.run import Run

SEEDS = "seeds"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A run and how it did on a split."""

    name: str
    """Of the run."""
    config: Config
    split: str
    figures: dict | None
    """The split's object of metrics.json."""
    seeds: dict | None
    """The split's object of `seeds` in metrics.json."""
    predictions: Predictions | None
    temperature: float
    is_calibrated: bool
    """Whether the temperature was fitted."""
    history: dict[str, list[float | None]] | None
    """The columns of history.csv."""
    robustness: dict | None
    """robustness.json, if it is of this split."""

    @property
    def task(self) -> str:
        """`classification` or `regression`."""
        return self.config.labels.task

    @property
    def class_names(self) -> tuple[str, ...]:
        """C names."""
        return self.config.labels.class_names

    def scores(self, subset: str = FULL) -> np.ndarray:
        """(N, C) calibrated scores of a classifier that sees a subset."""
        logits = self.predictions.logits[subset].astype("float64")
        return softmax(logits / self.temperature, axis=-1)

    def values(self, subset: str = FULL) -> np.ndarray:
        """(N,) values of a regressor that sees a subset."""
        return self.predictions.logits[subset][:, 0].astype("float64")


def read_evidence(run: Run, split: str | None = None) -> Evidence:
    """Reads what there is.

    Args:
        run: a run folder.
        split: which split; when None the test split, or else the last measured.

    Raises:
        InputError: a file of the run is damaged.
    """
    metrics = _read_json(run.path("metrics.json")) or {}
    split = split or _chosen_split(metrics)
    robustness = _read_json(run.path("robustness.json"))
    if robustness is not None and robustness["split"] != split:
        robustness = None
    return Evidence(
        name=os.path.basename(os.path.abspath(run.folder)),
        config=run.config,
        split=split,
        figures=metrics.get(split),
        seeds=metrics.get(SEEDS, {}).get(split),
        predictions=_read_predictions(run, split),
        temperature=run.temperature,
        is_calibrated=os.path.isfile(run.path("calibration.json")),
        history=_read_history(run.path("history.csv")),
        robustness=robustness,
    )


def _chosen_split(metrics):
    measured = [name for name in metrics if name != SEEDS]
    return "test" if "test" in measured or not measured else measured[-1]


def _read_json(path: str) -> dict | None:
    """A file of JSON; None when there is none.

    Raises:
        InputError: it is no JSON.
    """
    if not os.path.isfile(path):
        return None
    with open(path, encoding="utf-8") as file:
        try:
            return json.load(file)
        except ValueError as error:
            raise InputError(
                f"A file of a run must be as mmtf wrote it. Received: {path!r}, which "
                f"is no JSON ({error})."
            ) from error


def _read_predictions(run: Run, split: str) -> Predictions | None:
    """What the run said of a split; None when that was not kept.

    Raises:
        InputError: the file is damaged.
    """
    path = run.path(f"predictions/{split}.npz")
    if not os.path.isfile(path):
        return None
    try:
        return Predictions.load(path)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"A file of a run must be as mmtf wrote it. Received: {path!r} ({error})."
        ) from error


def _read_history(path):
    if not os.path.isfile(path):
        return None
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        return None
    return {name: _numbers(row[name] for row in rows) for name in rows[0] if name}


def _numbers(cells) -> Sequence[float | None]:
    # An epoch that was cut off leaves cells empty.
    numbers = [float(cell) if cell else float("nan") for cell in cells]
    return [number if np.isfinite(number) else None for number in numbers]
