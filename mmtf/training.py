"""Training: compile, fit, and what is kept of it."""

import os

import keras
import tensorflow as tf

from mmtf import optimizers
from mmtf.config import Config, TrainConfig
from mmtf.errors import InputError
from mmtf.first_step import TimeFirstStep
from mmtf.memory import KeepFreedMemory
from mmtf.model import build_model
from mmtf.model_parts import model_on_features
from mmtf.precision import layers_in
from mmtf.run import Run

# Decay pulls kernels towards zero; biases, norms and learned vectors would lose
# their meaning there.
NOT_DECAYED = ("bias", "gamma", "beta", "alpha", "absent", "embedding", "query")


def prepare_model(
    config: Config, strategy: tf.distribute.Strategy, *, steps_per_epoch: int
) -> keras.Model:
    """A new model, compiled under a strategy and ready for `fit`.

    Args:
        config: the whole configuration, labels included.
        strategy: see `mmtf.distribution.make_strategy`.
        steps_per_epoch: batches of an epoch, by which the rate is scheduled.

    Raises:
        InputError: the number of steps is none, or the config names several seeds.
    """
    if config.train.seeds:
        raise InputError(
            "A model must be trained with one seed. Received: "
            f"seeds={config.train.seeds}. Set `seed` to each of them in turn."
        )
    if steps_per_epoch < 1:
        raise InputError(
            "`steps_per_epoch` must be 1 or more, the number of batches of an epoch. "
            f"Received: {steps_per_epoch}."
        )
    keras.utils.set_random_seed(config.train.seed)
    with strategy.scope(), layers_in(config.train.precision):
        model = build_model(config.model, num_outputs=config.labels.num_outputs)
        total_steps = steps_per_epoch * config.train.epochs
        compile_model(model, config, total_steps=total_steps)
    return model


def prepare_part(
    model: keras.Model,
    config: Config,
    strategy: tf.distribute.Strategy,
    *,
    steps_per_epoch: int,
) -> keras.Model:
    """All of a prepared model but its frozen encoders, ready for `fit`.

    Args:
        model: from `prepare_model`, with which it shares its weights.
        config: the same as there, like what follows.
        strategy: see there.
        steps_per_epoch: see there.

    Returns:
        Model from batches that hold the features of the frozen modalities, see
        `mmtf.model_parts.model_on_features`.
    """
    with strategy.scope(), layers_in(config.train.precision):
        part = model_on_features(model, config.model.freeze)
        compile_model(part, config, total_steps=steps_per_epoch * config.train.epochs)
    # XLA draws other random numbers; the training is to be the one with encoders.
    part.jit_compile = model.jit_compile
    return part


def fit(
    model: keras.Model,
    train: tf.data.Dataset,
    validation: tf.data.Dataset,
    config: TrainConfig,
    run: Run,
    *,
    class_weight: dict[int, float] | None = None,
    whole: keras.Model | None = None,
) -> keras.Model:
    """Trains a prepared model and keeps the best one as `RUN/model.keras`.

    Args:
        model: from `prepare_model`.
        train: batches of one epoch; the batch size is that of all replicas
            together.
        validation: batches whose loss decides which epoch is the best.
        config: epochs and patience.
        run: a started run, which receives model, history and logs.
        class_weight: weight of each class index in the loss.
        whole: what is kept instead of `model`, when that is a part of it.

    Returns:
        The model of the best epoch, in float32.

    Raises:
        InputError: the validation loss was never a number.
    """
    model.fit(
        train,
        validation_data=validation,
        epochs=config.epochs,
        class_weight=class_weight,
        callbacks=make_callbacks(config, run, whole=whole),
        shuffle=False,  # the dataset shuffles
    )
    if not os.path.isfile(run.path("model.keras")):
        raise InputError(
            "Training must reach a finite validation loss. Received: none in "
            f"{config.epochs} epochs. Lower --train.learning-rate."
        )
    return run.model


def compile_model(model: keras.Model, config: Config, *, total_steps: int) -> None:
    """Compiles with the task's loss and metric and the configured optimizer."""
    if config.labels.task == "classification":
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        metric = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    else:
        loss = keras.losses.MeanSquaredError()
        metric = keras.metrics.MeanAbsoluteError(name="mae")
    optimizer = make_optimizer(config.train, total_steps=total_steps)
    if config.train.precision == "mixed_float16":
        optimizer = optimizers.LossScaleOptimizer(optimizer)
    # On the CPU, XLA around a whole model costs ResNet50 half as much time again, and
    # spares BERT little (docs/performance.md).
    on_gpu = tf.config.list_physical_devices("GPU")
    jit_compile = "auto" if on_gpu else False
    model.compile(optimizer, loss, metrics=[metric], jit_compile=jit_compile)


def make_optimizer(config: TrainConfig, *, total_steps: int) -> keras.Optimizer:
    """Adam or AdamW; the rate rises linearly, then falls as a cosine to zero."""
    warmup_steps = round(config.warmup_fraction * total_steps)
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup_steps else config.learning_rate,
        decay_steps=max(total_steps - warmup_steps, 1),
        warmup_target=config.learning_rate if warmup_steps else None,
        warmup_steps=warmup_steps,
    )
    clipping = {"global_clipnorm": config.clip_norm} if config.clip_norm else {}
    if config.optimizer == "adam":
        return optimizers.Adam(rate, **clipping)
    optimizer = optimizers.AdamW(rate, weight_decay=config.weight_decay, **clipping)
    optimizer.exclude_from_weight_decay(var_names=list(NOT_DECAYED))
    return optimizer


def make_callbacks(
    config: TrainConfig, run: Run, *, whole: keras.Model | None = None
) -> list[keras.callbacks.Callback]:
    """Best model, early stopping, TensorBoard and CSV logs; memory kept."""
    return [
        TimeFirstStep(),
        KeepFreedMemory(),
        KeepBest(run.path("model.keras"), whole),
        keras.callbacks.EarlyStopping("val_loss", patience=config.patience),
        keras.callbacks.CSVLogger(run.path("history.csv")),
        keras.callbacks.TensorBoard(run.path("logs"), write_graph=False),
    ]


class KeepBest(keras.callbacks.Callback):
    """Saves the model whenever the validation loss is the lowest so far.

    Unlike `keras.callbacks.ModelCheckpoint`, it writes aside and renames, so
    that a killed process leaves the previous best model whole.

    Args:
        path: the `.keras` file.
        whole: what is saved when a part of it is trained; the trained model when None.
    """

    def __init__(self, path: str, whole: keras.Model | None = None):
        super().__init__()
        self.path = path
        self.whole = whole
        self.best = float("inf")

    def on_epoch_end(self, epoch, logs=None):
        loss = logs["val_loss"]
        if loss < self.best:
            self.best = loss
            aside = os.path.join(
                os.path.dirname(self.path), ".tmp-" + os.path.basename(self.path)
            )
            (self.whole or self.model).save(aside)
            os.replace(aside, self.path)


def balanced_class_weight(counts: list[int]) -> dict[int, float]:
    """Weights that give every class the same share of the loss.

    Args:
        counts: training rows of each class; a class with none gets weight 0.

    Returns:
        `{index: n / (k * count)}` for n rows and k classes that occur, after
        scikit-learn's `class_weight="balanced"`.
    """
    total, present = sum(counts), sum(count > 0 for count in counts)
    return {
        index: total / (present * count) if count else 0.0
        for index, count in enumerate(counts)
    }
