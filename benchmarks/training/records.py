"""What was measured, and its ratios to PyTorch's best."""

from dataclasses import dataclass

import numpy as np

from benchmarks.training.contenders import CONTENDERS, TWIN


@dataclass(frozen=True)
class Measured:
    """One contender at one part and mode.

    Attributes:
        part: `text`, `image`, `audio` or `whole`.
        mode: `train` or `forward`.
        batch_size: rows in a step.
        contender: its name.
        seconds: of each step; empty where it refused to be compiled.
        first_step_seconds: compilation included.
        peak_bytes: what steps hold at most, beyond the built model.
        difference: the largest between outputs of the contenders.
    """

    part: str
    mode: str
    batch_size: int
    contender: str
    seconds: tuple[float, ...] = ()
    first_step_seconds: float | None = None
    peak_bytes: int | None = None
    difference: float | None = None


def make_records(measured: list[Measured]) -> list[dict]:
    """A plain object for each, for JSON.

    Ratios are to the lowest figure of PyTorch's at the same part and mode: of time in
    one place, of memory in the other.
    """
    records = [_record(one) for one in measured]
    for record in records:
        rivals = [other for other in records if _are_rivals(record, other)]
        for figure in ("ms_per_example", "peak_mib"):
            record[f"{figure}_ratio"] = _ratio(record, rivals, figure)
    return records


def _are_rivals(record, other):
    same_place = (record["part"], record["mode"]) == (other["part"], other["mode"])
    return same_place and CONTENDERS[other["contender"]].side == TWIN


def _ratio(record, rivals, figure):
    figures = [rival[figure] for rival in rivals if rival[figure] is not None]
    if record[figure] is None or not figures or min(figures) <= 0:
        return None
    return record[figure] / min(figures)


def _record(one):
    record = {
        "part": one.part,
        "mode": one.mode,
        "batch_size": one.batch_size,
        "contender": one.contender,
        "ms_per_example": None,
        "quartiles_ms_per_example": None,
        "steps": len(one.seconds),
        "first_step_seconds": one.first_step_seconds,
        "peak_mib": None,
        "output_difference": one.difference,
    }
    if not one.seconds:
        return record
    times = [1e3 * seconds / one.batch_size for seconds in one.seconds]
    low, median, high = np.percentile(times, (25, 50, 75)).tolist()
    return record | {
        "ms_per_example": median,
        "quartiles_ms_per_example": [low, high],
        "peak_mib": one.peak_bytes / 2**20,
    }
