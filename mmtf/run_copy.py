"""A run made the copy of another."""

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
    for name in _OF_TRAINING:
        if os.path.isdir(source.path(name)):
            shutil.copytree(
                source.path(name), target.path(name), copy_function=_link_or_copy
            )
        else:
            _link_or_copy(source.path(name), target.path(name))


def _link_or_copy(source, target):
    if os.path.lexists(target):
        os.remove(target)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
