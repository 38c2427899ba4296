"""The verb that makes a run: `train`."""

import contextlib
import dataclasses
import os
import sys
import time
from collections.abc import Callable
from typing import Annotated, Literal

from tyro.conf import Positional, arg

from mmtf.cli.console import start_tensorflow
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
        start_training(data_folder, run_folder, config, overwrite=overwrite)
        print(os.path.join(run_folder, "model.keras"))

    return train


def start_training(
    data_folder: str, run_folder: str, config: Config, *, overwrite: bool = False
) -> None:
    """Trains once, or once for each of `config.train.seeds`.

    Args:
        data_folder: folder written by `mmtf build`.
        run_folder: where the run goes.
        config: all but the labels, which the data have.
        overwrite: replace a run that is there.

    Raises:
        InputError: the data cannot be trained on so, or the folder is taken.
    """
    from mmtf.cli.seeds import train_seeds

    train = train_seeds if config.train.seeds else train_run
    train(data_folder, run_folder, config, overwrite=overwrite)


def train_run(
    data_folder: str, run_folder: str, config: Config, *, overwrite: bool = False
) -> None:
    """Trains once, in this process. Arguments are those of `start_training`."""
    start_tensorflow()
    import pipelines
    from mmtf import distribution, training
    from mmtf.run import check_free, start_run
    from mmtf.training_record import record_training

    run = check_free(run_folder, overwrite=overwrite)
    # Before the first computation, which fixes the devices.
    strategy = distribution.make_strategy(
        config.train.strategy, virtual_devices=config.train.virtual_devices
    )
    config = with_labels(config, data_folder)
    fingerprint = pipelines.data_fingerprint(data_folder)
    class_weight = _class_weight(data_folder, config)
    tokenizer = pipelines.make_tokenizer(data_folder, config)
    source = (data_folder, config, tokenizer)
    replicas = {"num_replicas": strategy.num_replicas_in_sync}
    train, validation = _datasets(source, replicas)
    steps = {"steps_per_epoch": int(train.cardinality())}
    # Keras shows progress on stdout, which is for results.
    with contextlib.redirect_stdout(sys.stderr):
        model = trained = training.prepare_model(config, strategy, **steps)
        if config.data.cache_features:
            trained = training.prepare_part(model, config, strategy, **steps)
            train, validation = _on_features(source, model, replicas)
        start_run(run, config)
        pipelines.save_tokenizer(tokenizer, run.path("tokenizer"))
        started = time.monotonic()
        training.fit(
            trained, train, validation, config.train, run,
            class_weight=class_weight, whole=model,
        )  # fmt: skip
    record_training(
        run,
        data=fingerprint,
        seconds=time.monotonic() - started,
        parameters=model.count_params(),
    )


def _datasets(source, replicas, *, features=(None, None)):
    import tensorflow as tf

    import pipelines

    # tf.data mixes the process's seed into its own, and `prepare_model` sets one: with
    # none, rows come in the same order before and after it.
    tf.random.set_seed(None)
    of_train, of_validation = features
    train = pipelines.train_dataset(*source, features=of_train, **replicas)
    validation = pipelines.eval_dataset(
        *source, split="validation", features=of_validation, **replicas
    )
    return train, validation


def _on_features(source, model, replicas):
    from mmtf.cli.feature_cache import cached_features

    splits = ("train", "validation")
    features = [cached_features(*source, model, split=split) for split in splits]
    return _datasets(source, replicas, features=features)


def with_labels(config: Config, data_folder: str) -> Config:
    """The configuration with the labels of the data.

    Raises:
        InputError: there is but one class.
    """
    from pipelines import read_info

    labels = read_info(data_folder).labels
    if labels.task == "classification" and len(labels.class_names) < 2:
        raise InputError(
            "Labels must be of two classes or more. Received: "
            f"{', '.join(labels.class_names)} alone."
        )
    return dataclasses.replace(config, labels=labels)


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
