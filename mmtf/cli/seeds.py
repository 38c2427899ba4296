"""One run for each of several seeds, and the best of them as the run itself."""

import dataclasses
import os
import shutil
import sys

from mmtf.cli.child import run_in_child
from mmtf.cli.console import start_tensorflow
from mmtf.cli.training import train_run, with_labels
from mmtf.config import Config
from mmtf.errors import InputError
from mmtf.run import Run, check_free
from mmtf.run_copy import copy_run
from mmtf.training_record import is_copy, is_finished, read_record


def train_seeds(
    data_folder: str, run_folder: str, config: Config, *, overwrite: bool = False
) -> None:
    """Trains RUN/seeds/SEED for each seed of the config, one after the other.

    Each has a process of its own: its memory is given back, and nothing of one
    training can reach the next. A seed that is trained already, with the same
    configuration and data, stays; RUN becomes a copy of the one with the lowest
    validation loss.

    Args:
        data_folder: folder written by `mmtf build`.
        run_folder: where the run goes.
        config: with `train.seeds`; the labels are the data's.
        overwrite: remove what is there, trained seeds included, once it is known
            that the data can be read.

    Raises:
        InputError: the folder holds something else, or seeds of another
            configuration or of other data.
    """
    start_tensorflow()
    import pipelines

    run = Run(run_folder)
    require_place(run, overwrite=overwrite)
    config = with_labels(config, data_folder)
    fingerprint = pipelines.data_fingerprint(data_folder)
    if overwrite:
        shutil.rmtree(run.path("seeds"), ignore_errors=True)
    unfinished = unfinished_seeds(run, config, data=fingerprint)
    for number, seed in enumerate(config.train.seeds, 1):
        state = "" if seed in unfinished else ", trained already"
        place = f"{number} of {len(config.train.seeds)}"
        print(f"seed {seed}, {place}{state}", file=sys.stderr)
        if seed in unfinished:
            folder, of_seed = _seed_run(run, seed).folder, _of(config, seed)
            run_in_child(train_run, data_folder, folder, of_seed, overwrite=True)
    _keep_best(run)


def require_place(run: Run, *, overwrite: bool = False) -> None:
    """Requires that a folder is free, or holds seeds already.

    Raises:
        InputError: it holds something else, and `overwrite` is False.
    """
    check_free(run.folder, overwrite=overwrite or os.path.isdir(run.path("seeds")))


def unfinished_seeds(run: Run, config: Config, *, data: str) -> list[int]:
    """The seeds of the config that are yet to be trained.

    Args:
        run: the folder that they are in.
        config: with `train.seeds` and the data's labels.
        data: fingerprint of what they are trained on.

    Raises:
        InputError: the folder holds seeds of another configuration or of other data,
            or a part of one that is not named.
    """
    before = [int(os.path.basename(other.folder)) for other in seed_runs(run)]
    unfinished = [
        seed
        for seed in dict.fromkeys([*config.train.seeds, *before])
        if not is_finished(_seed_run(run, seed), _of(config, seed), data=data)
    ]
    for seed in unfinished:
        if seed not in config.train.seeds:
            raise InputError(
                "A seed whose training was cut short must be named again, or its "
                f"folder removed. Received: --train.seeds without {seed}, of which "
                f"{_seed_run(run, seed).folder} is what is left."
            )
    return unfinished


def seed_runs(run: Run) -> list[Run]:
    """The runs in RUN/seeds, in the order of their seeds; none for a run of one."""
    folder = run.path("seeds")
    names = os.listdir(folder) if os.path.isdir(folder) else []
    seeds = sorted(int(name) for name in names if name.isdecimal())
    return [_seed_run(run, seed) for seed in seeds]


def _seed_run(run, seed):
    return Run(run.path(f"seeds/{seed}"))


def _of(config, seed):
    train = dataclasses.replace(config.train, seed=seed, seeds=())
    return dataclasses.replace(config, train=train)


def _keep_best(run):
    """Makes the run a copy of its best seed, unless it is that already."""
    best = min(seed_runs(run), key=lambda seed: read_record(seed).validation_loss)
    if not is_copy(run, of=best):
        copy_run(best, run)
    print(f"the best seed is {best.config.train.seed}", file=sys.stderr)
