"""One run measured, and what is written into its folder for it."""

import contextlib
import json
import os

from mmtf.cli.console import dumps
from mmtf.errors import InputError
from mmtf.features import FULL

# The rows that tell how sure a model may be of itself: it was not trained on them.
CALIBRATION_SPLIT = "validation"


def evaluate_run(
    run,
    data: str,
    *,
    splits: tuple[str, ...],
    batch_size: int | None = None,
    sentiment: bool = False,
) -> dict:
    """Measures one run and writes what it found into its folder.

    Args:
        run: a `mmtf.run.Run`.
        data: folder written by `mmtf build`.
        splits: which splits; those that the data lack are left out.
        batch_size: rows at a time; that of training when None.
        sentiment: add the sentiment field's accuracies, for regression.

    Returns:
        An object for each split that was measured, as in metrics.json.

    Raises:
        InputError: data and run do not fit, or there is none of the splits.
    """
    import pipelines
    from mmtf import evaluation

    info = pipelines.read_info(data)
    _check_labels(info.labels, run.config.labels, sentiment)
    predictions = _predict(run, data, _present_splits(info, splits), batch_size)
    for split, of_split in predictions.items():
        of_split.save(run.path(f"predictions/{split}.npz"))
    temperature = _calibrate(run, predictions, info.labels)
    metrics = {
        split: evaluation.evaluate(
            of_split, info.labels, temperature=temperature, sentiment=sentiment
        )
        for split, of_split in predictions.items()
    }
    _write_metrics(run, metrics)
    return metrics


def _check_labels(labels, expected, sentiment):
    if labels != expected:
        raise InputError(
            "DATA must have the labels that RUN was trained on. Received: "
            f"{labels} instead of {expected}."
        )
    if sentiment and labels.task != "regression":
        raise InputError(
            "`--sentiment` must go with numbers. Received: DATA whose labels are "
            f"classes ({', '.join(labels.class_names)}). Leave the option out."
        )


def _present_splits(info, splits):
    present = [split for split in splits if split in info.splits]
    if not present:
        raise InputError(
            f"`--splits` must name a split of DATA. Received: {' '.join(splits)}. "
            f"DATA has {', '.join(sorted(info.splits))}."
        )
    return present


def _predict(run, data, splits, batch_size):
    from tqdm import tqdm

    import pipelines
    from mmtf import evaluation

    tokenizer = pipelines.load_tokenizer(run.path("tokenizer"))
    predictor, predictions = evaluation.SubsetPredictor(run.model), {}
    for split in splits:
        dataset = pipelines.eval_dataset(
            data, run.config, tokenizer, split=split, batch_size=batch_size
        )
        ids = [row.id for row in pipelines.read_rows(data, split)]
        progress = tqdm(dataset, desc=split, unit="batch", leave=False, disable=None)
        predictions[split] = predictor.predict(progress, ids=ids)
    return predictions


def _calibrate(run, predictions, labels):
    """The temperature of the run: fitted if it can be, or what was fitted before."""
    from mmtf import evaluation
    from mmtf.run import write_text

    if labels.task == "regression":
        return 1.0
    if CALIBRATION_SPLIT not in predictions:
        return run.temperature
    fitted_on = predictions[CALIBRATION_SPLIT]
    temperature = evaluation.fit_temperature(fitted_on.labels, fitted_on.logits[FULL])
    calibration = {
        "temperature": temperature,
        "split": CALIBRATION_SPLIT,
        "examples": len(fitted_on.labels),
    }
    if temperature != run.temperature:
        # Its figures are those of other scores.
        with contextlib.suppress(FileNotFoundError):
            os.remove(run.path("robustness.json"))
    write_text(run.path("calibration.json"), dumps(calibration) + "\n")
    return temperature


def _write_metrics(run, metrics):
    from mmtf.run import write_text

    kept = read_metrics(run)
    temperature = _temperature(next(iter(metrics.values())))
    for split, figures in kept.items():
        # Other splits stay, unless their scores were those of another temperature.
        if split != "seeds" and _temperature(figures) == temperature:
            metrics = {split: figures} | metrics
    write_text(run.path("metrics.json"), dumps(metrics) + "\n")


def _temperature(figures):
    return figures.get("calibration", {}).get("temperature")


def read_metrics(run) -> dict:
    """The run's metrics.json; empty when there is none."""
    path = run.path("metrics.json")
    if not os.path.isfile(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)
