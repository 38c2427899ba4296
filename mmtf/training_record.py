"""What training notes down when it has ended: RUN/training.json."""

import csv
import dataclasses
import json
import os
from dataclasses import dataclass

from mmtf.config import Config
from mmtf.errors import InputError
from mmtf.run import Run, write_text


@dataclass(frozen=True, kw_only=True)
class TrainingRecord:
    """How long training took, and how well it went.

    Attributes:
        data: `pipelines.data_fingerprint` of what it was trained on.
        seconds: from the first step to the last, validation and saving included.
        epochs: how many it went on for.
        validation_loss: that of the epoch that was kept.
        parameters: numbers in the model, those that are not trained included.
    """

    data: str
    seconds: float
    epochs: int
    validation_loss: float
    parameters: int


def record_training(run: Run, *, data: str, seconds: float, parameters: int) -> None:
    """Writes RUN/training.json, by which a run is known to be finished.

    Args:
        run: a run whose training has ended.
        data: as in `TrainingRecord`, like what follows.
        seconds: see there.
        parameters: see there.
    """
    with open(run.path("history.csv"), encoding="utf-8", newline="") as file:
        losses = [float(row["val_loss"]) for row in csv.DictReader(file)]
    record = TrainingRecord(
        data=data,
        seconds=round(seconds, 3),
        epochs=len(losses),
        validation_loss=min(loss for loss in losses if loss == loss),
        parameters=parameters,
    )
    text = json.dumps(dataclasses.asdict(record), indent=2, allow_nan=False)
    write_text(run.path("training.json"), text + "\n")


def read_record(run: Run) -> TrainingRecord | None:
    """What a finished run noted down; None when its training has not ended."""
    path = run.path("training.json")
    if not os.path.isfile(path):
        return None
    with open(path, encoding="utf-8") as file:
        return TrainingRecord(**json.load(file))


def is_copy(run: Run, *, of: Run) -> bool:
    """Whether a run is the copy of another that has finished."""
    record = read_record(of)
    return record is not None and record == read_record(run) and run.config == of.config


def is_finished(run: Run, config: Config, *, data: str) -> bool:
    """Whether this very training has ended already in this folder.

    Args:
        run: where it would be trained.
        config: the whole configuration, labels included.
        data: fingerprint of what it would be trained on.

    Raises:
        InputError: the folder holds the training of another configuration or of
            other data, or something else.
    """
    if not os.path.isdir(run.folder) or not os.listdir(run.folder):
        return False
    record = read_record(run)
    is_ours = os.path.isfile(run.path("config.json")) and run.config == config
    if not is_ours or (record and record.data != data):
        raise InputError(
            "What is trained already must have the same configuration and data. "
            f"Received: {run.folder!r}, which differs. Name another folder, or pass "
            "--overwrite to train all anew."
        )
    return record is not None
