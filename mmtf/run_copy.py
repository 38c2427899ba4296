"""A run made the copy of another, and measured with it."""

import os
import shutil

from mmtf.run import Run, clear_results

# The record of the training comes last: without it the copy is not whole.
_OF_TRAINING = (
    "config.json",
    "tokenizer",
    "history.csv",
    "logs",
    "model.keras",
    "training.json",
)
_OF_EVALUATION = ("predictions", "calibration.json", "metrics.json")


def copy_run(source: Run, target: Run) -> None:
    """Gives one run what training left in another, in place of its own results.

    Files are hard links where the file system has them: nothing of a run is ever
    written in place, so neither run can change the other.

    Args:
        source: a finished run.
        target: the run that becomes its copy; its `seeds` stay.
    """
    os.makedirs(target.folder, exist_ok=True)
    clear_results(target)
    _copy(source, target, _OF_TRAINING)


def copy_evaluation(source: Run, target: Run) -> None:
    """Gives the copy of a run what evaluation has found out about that run.

    Args:
        source: an evaluated run.
        target: its copy, as `copy_run` made it.
    """
    shutil.rmtree(target.path("predictions"), ignore_errors=True)
    _copy(source, target, _OF_EVALUATION)


def _copy(source, target, names):
    for name in names:
        if os.path.isdir(source.path(name)):
            shutil.copytree(
                source.path(name), target.path(name), copy_function=_link_or_copy
            )
        elif os.path.isfile(source.path(name)):
            _link_or_copy(source.path(name), target.path(name))


def _link_or_copy(source, target):
    if os.path.lexists(target):
        os.remove(target)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
