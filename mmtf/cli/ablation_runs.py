"""The runs of an ablation: OUT/VARIANT, each made in a process of its own."""

import contextlib
import os
import shutil
from dataclasses import dataclass

from mmtf.cli.child import run_in_child
from mmtf.cli.console import start_tensorflow
from mmtf.cli.evaluation import evaluate_seeds
from mmtf.cli.measuring import read_metrics
from mmtf.cli.seeds import (
    require_place,
    seed_runs,
    train_seeds,
    unfinished_seeds,
)
from mmtf.cli.training import train_run
from mmtf.config import Config
from mmtf.run import Run, clear_results
from mmtf.training_record import is_finished, read_record


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What all variants of an ablation have in common.

    Attributes:
        data: folder written by `mmtf build`.
        fingerprint: `pipelines.data_fingerprint` of it.
        out: folder of the ablation.
        splits: those that are measured.
    """

    data: str
    fingerprint: str
    out: str
    splits: tuple[str, ...]

    def run(self, variant: str) -> Run:
        """The run of a variant."""
        return Run(os.path.join(self.out, variant))

    def must_train(self, variant: str, config: Config) -> bool:
        """Whether a variant is yet to be trained.

        Raises:
            InputError: its folder holds the training of another configuration.
        """
        run = self.run(variant)
        if config.train.seeds:
            require_place(run)
            left = unfinished_seeds(run, config, data=self.fingerprint)
            return bool(left) or read_record(run) is None
        return not is_finished(run, config, data=self.fingerprint)


def clear_variant(plan: Plan, variant: str) -> None:
    """Removes the run of a variant, its configuration and its seeds too."""
    run = plan.run(variant)
    clear_results(run)
    shutil.rmtree(run.path("seeds"), ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        os.remove(run.path("config.json"))


def train_variant(plan: Plan, variant: str, config: Config) -> None:
    """Trains a variant, once or for each of its seeds."""
    folder = plan.run(variant).folder
    if config.train.seeds:
        train_seeds(plan.data, folder, config)
    else:
        run_in_child(train_run, plan.data, folder, config, overwrite=True)


def measure_variant(plan: Plan, variant: str) -> None:
    """Measures a variant and its seeds, unless that has been done."""
    run = plan.run(variant)
    if not all(_is_measured(each, plan.splits) for each in (*seed_runs(run), run)):
        run_in_child(_evaluate, run.folder, plan.data, plan.splits)


def _is_measured(run, splits):
    metrics = read_metrics(run)
    return all(
        split in metrics and os.path.isfile(run.path(f"predictions/{split}.npz"))
        for split in splits
    )


def _evaluate(folder, data, splits):
    start_tensorflow()
    evaluate_seeds(folder, data, splits=splits)
