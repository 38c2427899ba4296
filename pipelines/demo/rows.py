"""What each row of the demo corpus says, before anything is rendered."""

from dataclasses import dataclass

import numpy as np

from mmtf.errors import InputError
from mmtf.features import SUBSETS
from pipelines.demo.oracle import (
    MOODS,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    PRESENCE,
    best_guess,
    joint_probability,
    possible_moods,
)

SPLIT_SHARES = {"train": 0.70, "validation": 0.15, "test": 0.15}
INTENSITY_RANGES = {NEGATIVE: (-4, -1), NEUTRAL: (-0.99, 0.99), POSITIVE: (1, 4)}
MIN_ROWS = 20


@dataclass(frozen=True, kw_only=True)
class DemoRow:
    """One row: what is true of it, and what each modality shows."""

    id: str
    split: str
    label: str
    intensity: float
    """A number in [-4, 4], uniform in the range of the label."""
    shown: dict[str, str]
    """Mood by modality, for those present."""


def draw_rows(rows: int, seed: int) -> list[DemoRow]:
    """Draws the corpus, in random order; the first step of `write_demo`.

    Each split is a systematic sample: evenly spaced points, with a random
    start, through the cumulative probability of all that a row can be. So
    every kind of row comes as often as expected, give or take one, and the best
    guess reaches nearly `oracle_accuracy` on each split.

    Args:
        rows: rows of the three splits together.
        seed: makes the draw; the same seed, the same rows.

    Raises:
        InputError: too few rows for three splits, or a negative seed.
    """
    _check(rows, seed)
    rng = np.random.default_rng(seed)
    kinds = _kinds_of_row()
    probabilities = [_probability(kind) for kind in kinds]
    drawn = [
        (split, *kinds[index])
        for split, size in _split_sizes(rows).items()
        for index in _systematic_sample(probabilities, size, rng)
    ]
    order = rng.permutation(rows)
    return [_row(number, *drawn[index], rng) for number, index in enumerate(order)]


def _check(rows, seed):
    if rows < MIN_ROWS:
        raise InputError(
            f"`rows` must be at least {MIN_ROWS}, to fill three splits. "
            f"Received: rows={rows}."
        )
    if seed < 0:
        raise InputError(f"`seed` must not be negative. Received: seed={seed}.")


def _split_sizes(rows):
    validation, test = (round(rows * SPLIT_SHARES[s]) for s in ("validation", "test"))
    return {"train": rows - validation - test, "validation": validation, "test": test}


def _kinds_of_row():
    """All (label, shown), those alike in what each subset gets right together.

    A systematic sample holds every run of neighbours to its expected count,
    give or take one, so this order is what keeps the seven accuracies close.
    """
    kinds = [
        (label, shown)
        for label in MOODS
        for present in PRESENCE
        for shown in possible_moods(present)
    ]
    return sorted(kinds, key=lambda kind: _subsets_right(*kind))


def _subsets_right(label, shown):
    return [
        best_guess({m: shown[m] for m in subset if m in shown}) == label
        for subset in SUBSETS
    ]


def _probability(kind):
    label, shown = kind
    return PRESENCE[tuple(shown)] * joint_probability(label, shown)


def _systematic_sample(probabilities, size, rng):
    """(size,) indices, each as often as expected, give or take one."""
    points = (np.arange(size) + rng.random()) / size
    upper_ends = np.cumsum(probabilities)
    return np.searchsorted(upper_ends / upper_ends[-1], points, side="right")


def _row(number, split, label, shown, rng):
    return DemoRow(
        id=f"demo-{number:05d}",
        split=split,
        label=label,
        intensity=round(float(rng.uniform(*INTENSITY_RANGES[label])), 2),
        shown=dict(shown),
    )
