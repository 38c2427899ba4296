"""Verbs that make and measure a run: `train` and `evaluate`."""

import contextlib
import dataclasses
import json
import os
import sys
from collections.abc import Callable
from typing import Annotated, Literal

from tyro.conf import Positional, arg

from mmtf.cli.console import JsonFlag, dumps, start_tensorflow
from mmtf.config import Config, DataConfig, Labels, ModelConfig, TrainConfig
from mmtf.errors import InputError

PresetName = Literal["tiny", "small", "base", "cnn_rnn"]


def train_verb(base: Config) -> Callable:
    def train(
        data_folder: Annotated[Positional[str], arg(metavar="DATA")],
        run_folder: Annotated[Positional[str], arg(metavar="RUN")],
        preset: PresetName = "small",
        overwrite: bool = False,
        data: DataConfig = base.data,
        model: ModelConfig = base.model,
        train: TrainConfig = base.train,
    ) -> None:
        """Train a model on shards.

        Args:
            data_folder: folder written by `mmtf build`.
            run_folder: folder that receives the model, its history and logs.
            preset: gives the options below their defaults.
            overwrite: replace RUN when it exists.
        """
        config = Config(data=data, model=model, train=train, labels=Labels())
        _train(data_folder, run_folder, config, overwrite=overwrite)

    return train


def _train(data_folder, run_folder, config, *, overwrite):
    start_tensorflow()
    import pipelines
    from mmtf import distribution, training
    from mmtf.run import check_free, start_run

    run = check_free(run_folder, overwrite=overwrite)
    # Before the first computation, which fixes the devices.
    strategy = distribution.make_strategy(
        config.train.strategy, virtual_devices=config.train.virtual_devices
    )
    labels = pipelines.read_info(data_folder).labels
    config = dataclasses.replace(config, labels=_trainable(labels))
    class_weight = _class_weight(data_folder, config)
    tokenizer = pipelines.make_tokenizer(data_folder, config)
    source = (data_folder, config, tokenizer)
    replicas = {"num_replicas": strategy.num_replicas_in_sync}
    train = pipelines.train_dataset(*source, **replicas)
    validation = pipelines.eval_dataset(*source, split="validation", **replicas)
    # Keras shows progress on stdout, which is for results.
    with contextlib.redirect_stdout(sys.stderr):
        model = training.prepare_model(
            config, strategy, steps_per_epoch=int(train.cardinality())
        )
        start_run(run, config)
        pipelines.save_tokenizer(tokenizer, run.path("tokenizer"))
        training.fit(
            model, train, validation, config.train, run, class_weight=class_weight
        )
    print(run.path("model.keras"))


def _trainable(labels):
    if labels.task == "classification" and len(labels.class_names) < 2:
        raise InputError(
            "Labels must be of two classes or more. Received: "
            f"{', '.join(labels.class_names)} alone."
        )
    return labels


def _class_weight(data_folder, config):
    from mmtf.training import balanced_class_weight
    from pipelines import read_report

    if not config.train.class_weights:
        return None
    if config.labels.task == "regression":
        raise InputError(
            "`--train.class-weights` must go with classes. Received: DATA for "
            "regression. Leave the option out."
        )
    counts = read_report(data_folder).splits["train"].labels
    names = config.labels.class_names
    return balanced_class_weight([int(counts.get(name, 0)) for name in names])


def evaluate(
    run: Annotated[Positional[str], arg(metavar="RUN")],
    data: Annotated[Positional[str], arg(metavar="DATA")],
    splits: tuple[str, ...] = ("validation", "test"),
    batch_size: int | None = None,
    oracle: str | None = None,
    as_json: JsonFlag = False,
) -> None:
    """Measure a run on every subset of the modalities; writes RUN/metrics.json.

    Args:
        run: folder written by `mmtf train`.
        data: folder written by `mmtf build`.
        splits: which splits; those that DATA lacks are left out.
        batch_size: rows at a time; that of training when left out.
        oracle: the demo's oracle.json, to show beside each accuracy the best possible.
        as_json: print the metrics as JSON.
    """
    best = _read_oracle(oracle) if oracle else None
    start_tensorflow()
    from mmtf.evaluation import format_table

    metrics = _evaluate(run, data, splits, batch_size)
    if as_json:
        print(dumps(metrics))
        return
    tables = [format_table(split, m, oracle=best) for split, m in metrics.items()]
    print("\n\n".join(tables))


def _evaluate(run_folder, data, splits, batch_size):
    import pipelines
    from mmtf import evaluation
    from mmtf.run import open_run, write_text

    run = open_run(run_folder)
    info = pipelines.read_info(data)
    if info.labels != run.config.labels:
        raise InputError(
            "DATA must have the labels that RUN was trained on. Received: "
            f"{info.labels} instead of {run.config.labels}."
        )
    chosen = [split for split in splits if split in info.splits]
    if not chosen:
        raise InputError(
            f"`--splits` must name a split of DATA. Received: {' '.join(splits)}. "
            f"DATA has {', '.join(sorted(info.splits))}."
        )
    tokenizer = pipelines.load_tokenizer(run.path("tokenizer"))
    metrics = {}
    for split in chosen:
        dataset = pipelines.eval_dataset(
            data, run.config, tokenizer, split=split, batch_size=batch_size
        )
        metrics[split] = evaluation.evaluate(run.model, dataset, info.labels)
    merged = {**_read_metrics(run.path("metrics.json")), **metrics}
    write_text(run.path("metrics.json"), dumps(merged) + "\n")
    return metrics


def _read_metrics(path):
    # Other splits stay: they were measured on the same model.
    if not os.path.isfile(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _read_oracle(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)["accuracy"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"`--oracle` must be the oracle.json of `mmtf demo`. Received: {path!r}."
        ) from error
