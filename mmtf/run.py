"""The run folder: what training leaves behind, and where.

RUN/config.json       the configuration, labels included
RUN/tokenizer/        the tokenizer (pipelines.text reads it)
RUN/model.keras       the best model so far, in the precision it is trained in
RUN/history.csv       one row per epoch
RUN/logs/             TensorBoard
RUN/training.json     once training has ended: how long it took, how well it went
RUN/seeds/SEED/       with several seeds: a run for each; RUN is a copy of the best
RUN/metrics.json      written by evaluation, as is the rest:
RUN/predictions/      what the model says of every row of a split
RUN/calibration.json  the temperature of its scores
RUN/report.html       all of it, to read
"""

import contextlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cached_property

from mmtf.config import Config
from mmtf.errors import InputError


@dataclass(frozen=True)
class Run:
    """A run folder, with the names of its files.

    Args:
        folder: where it lies.
    """

    folder: str

    def path(self, name: str) -> str:
        """The path of one of the run's files."""
        return os.path.join(self.folder, name)

    @cached_property
    def config(self) -> Config:
        """The configuration that the run was made from."""
        with open(self.path("config.json"), encoding="utf-8") as file:
            return Config.from_json(file.read())

    @cached_property
    def temperature(self) -> float:
        """What logits are divided by before they become scores; 1 until evaluation
        has fitted it."""
        path = self.path("calibration.json")
        if not os.path.isfile(path):
            return 1.0
        with open(path, encoding="utf-8") as file:
            return float(json.load(file)["temperature"])

    @cached_property
    def model(self):
        """The best model, as a `keras.Model`.

        It computes in float32, whatever it was trained in: answers in 16 bits differ
        from one processor to the next by more than served ones may.
        """
        import keras

        from mmtf.precision import in_float32

        model = keras.saving.load_model(self.path("model.keras"), compile=False)
        return in_float32(model)


def check_free(folder: str, *, overwrite: bool = False) -> Run:
    """The run that `start_run` may begin there; nothing is touched yet.

    Raises:
        InputError: the folder holds files and `overwrite` is False, or it cannot
            be a folder of this machine.
    """
    if "://" in folder or (os.path.exists(folder) and not os.path.isdir(folder)):
        raise InputError(f"RUN must be a folder of this machine. Received: {folder!r}.")
    if os.path.isdir(folder) and os.listdir(folder) and not overwrite:
        raise InputError(
            f"A run must start in an empty folder. Received: {folder!r}, which holds "
            "files. Name another folder, or pass --overwrite."
        )
    return Run(folder)


def start_run(run: Run, config: Config) -> None:
    """Makes the folder, clears it of an earlier run, and writes the configuration.

    Call it when all else is ready, since an earlier run ends here.

    Raises:
        InputError: the folder cannot be written to.
    """
    try:
        os.makedirs(run.folder, exist_ok=True)
        clear_results(run)
        shutil.rmtree(run.path("seeds"), ignore_errors=True)
        write_text(run.path("config.json"), config.to_json())
    except OSError as error:
        raise InputError(
            "RUN must be a folder that can be written to. Received: "
            f"{run.folder!r} ({error.strerror})."
        ) from error


def clear_results(run: Run) -> None:
    """Removes what training and evaluation left, but for the runs of single seeds."""
    for name in (
        "training.json",
        "model.keras",
        "history.csv",
        "metrics.json",
        "calibration.json",
        "robustness.json",
        "report.html",
    ):
        with contextlib.suppress(FileNotFoundError):
            os.remove(run.path(name))
    for name in ("logs", "tokenizer", "predictions"):
        shutil.rmtree(run.path(name), ignore_errors=True)


def open_run(folder: str) -> Run:
    """Opens the folder of a finished or running training.

    Raises:
        InputError: the folder holds no model.
    """
    run = Run(folder)
    for name in ("config.json", "tokenizer/tokenizer.json", "model.keras"):
        if not os.path.isfile(run.path(name)):
            raise InputError(
                "RUN must be a folder written by `mmtf train`. Received: "
                f"{folder!r}, which has no {name}."
            )
    return run


def write_text(path: str, text: str) -> None:
    """Writes a file aside and renames it, so that a reader never sees half."""
    folder = os.path.dirname(path) or "."
    handle, aside = tempfile.mkstemp(dir=folder, prefix=".tmp-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(aside, 0o644)
    os.replace(aside, path)
