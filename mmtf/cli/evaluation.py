"""The verb that measures a run: `evaluate`."""

import json
import sys
from typing import Annotated

from tyro.conf import Positional, arg

from mmtf.cli.console import JsonFlag, dumps, start_tensorflow
from mmtf.cli.measuring import CALIBRATION_SPLIT, evaluate_run, read_metrics
from mmtf.cli.reporting import write_run_report
from mmtf.cli.seeds import seed_runs
from mmtf.errors import InputError


def evaluate(
    run: Annotated[Positional[str], arg(metavar="RUN")],
    data: Annotated[Positional[str], arg(metavar="DATA")],
    splits: tuple[str, ...] = (CALIBRATION_SPLIT, "test"),
    batch_size: int | None = None,
    sentiment: bool = False,
    oracle: str | None = None,
    as_json: JsonFlag = False,
) -> None:
    """Measure a run on every subset of the modalities; writes RUN/metrics.json.

    RUN/predictions, RUN/calibration.json and RUN/report.html come with it.

    Args:
        run: folder written by `mmtf train`; with RUN/seeds, each of them is measured.
        data: folder written by `mmtf build`.
        splits: which splits; those that DATA lacks are left out. When validation is
            among them, the temperature of the scores is fitted on it.
        batch_size: rows at a time; that of training when left out.
        sentiment: add accuracy-2 and accuracy-7, for numbers from -3 to 3.
        oracle: the demo's oracle.json, to show beside each accuracy the best possible.
        as_json: print the metrics as JSON.
    """
    best = _read_oracle(oracle) if oracle else None
    start_tensorflow()
    metrics = evaluate_seeds(
        run, data, splits=splits, batch_size=batch_size, sentiment=sentiment
    )
    print(dumps(metrics) if as_json else _format(metrics, best))
    print(_write_report(run, data, metrics), file=sys.stderr)


def evaluate_seeds(run_folder: str, data: str, **options) -> dict:
    """Measures a run, and before it the runs of its single seeds, if it has them.

    It is the copy of one of them, whose answers are then its own.

    Args:
        run_folder: where it lies.
        data: as `evaluate_run` takes it, like the options.

    Returns:
        What `evaluate_run` does, and under `seeds` how the seeds vary.
    """
    from mmtf.run import open_run
    from mmtf.run_copy import copy_evaluation
    from mmtf.training_record import is_copy

    run = open_run(run_folder)
    seeds = [open_run(seed.folder) for seed in seed_runs(run)]
    metrics = None
    for seed in seeds:
        of_seed = evaluate_run(seed, data, **options)
        if metrics is None and is_copy(run, of=seed):
            copy_evaluation(seed, run)
            metrics = of_seed
    metrics = metrics or evaluate_run(run, data, **options)
    if seeds:
        metrics["seeds"] = _summarise_seeds(run, seeds)
    return metrics


def _summarise_seeds(run, seeds):
    from mmtf import evaluation
    from mmtf.run import write_text

    measured = [read_metrics(seed) for seed in seeds]
    summary = {
        split: evaluation.summarise_seeds([metrics[split] for metrics in measured])
        for split in measured[0]
        if all(split in metrics for metrics in measured)
    }
    metrics = {**read_metrics(run), "seeds": summary}
    write_text(run.path("metrics.json"), dumps(metrics) + "\n")
    return summary


def _write_report(run_folder, data, metrics):
    from mmtf.run import open_run

    splits = [split for split in metrics if split != "seeds"]
    split = "test" if "test" in splits else splits[-1]
    # Opened again, since it now has another temperature.
    return write_run_report(open_run(run_folder), data, split=split)


def _format(metrics, oracle):
    from mmtf.evaluation import format_seeds, format_table

    seeds = metrics.get("seeds", {})
    tables = []
    for split, figures in metrics.items():
        if split != "seeds":
            tables.append(format_table(split, figures, oracle=oracle))
        if split in seeds:
            tables.append(format_seeds(split, seeds[split]))
    return "\n\n".join(tables)


def _read_oracle(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)["accuracy"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"`--oracle` must be the oracle.json of `mmtf demo`. Received: {path!r}."
        ) from error
