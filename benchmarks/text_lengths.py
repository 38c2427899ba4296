"""What the text encoder costs by the length of a batch's longest text.

    python -m benchmarks.text_lengths --preset base --rows 8 --longest 16 32 64

measures the forward pass and the training step, in turn, so that all lengths have the
same weather. Without trimming each would cost what the full length costs.
"""

import statistics
import sys
from collections.abc import Callable
from typing import Literal

import keras
import numpy as np
import tensorflow as tf
import tyro

from benchmarks.evaluation import measure
from benchmarks.machine import describe_machine, format_machine
from mmtf import presets
from mmtf.config import TextConfig
from mmtf.encoders import text
from mmtf.errors import InputError

_ENCODERS = {"bert": text.bert, "birnn": text.birnn}
FORWARD, STEP = "forward", "training step"


def main(
    preset: Literal["tiny", "small", "base", "cnn_rnn"] = "small",
    rows: int = 32,
    longest: tuple[int, ...] = (8, 16, 24, 48),
    repeats: int = 9,
) -> None:
    """Measure the text encoder at several lengths.

    Args:
        preset: gives the encoder its sizes; weights are random.
        rows: of a batch.
        longest: tokens of a batch's longest text.
        repeats: of each measurement.
    """
    config = presets.preset(preset).model.text
    if min(rows, repeats) < 1:
        raise InputError(
            "`--rows` and `--repeats` must be at least 1. Received: "
            f"rows={rows}, repeats={repeats}."
        )
    if not all(1 <= length <= config.sequence_length for length in longest):
        raise InputError(
            f"`--longest` must be 1 to {config.sequence_length}, the tokens that the "
            f"preset takes. Received: {longest}."
        )
    works = make_works(config, rows, longest)
    for name, seconds in measure(works, repeats).items():
        print(f"{name:30s} {1000 * statistics.median(seconds):8.1f} ms")
    print(f"\nbatches of {rows}, {format_machine(describe_machine())}")


def make_works(
    config: TextConfig, rows: int, longest: tuple[int, ...]
) -> dict[str, Callable[[], object]]:
    """A forward pass and a training step for each length, by name."""
    encoder = _ENCODERS[config.encoder](config)
    batches = {n: text_batch(config, rows, n) for n in longest}
    return {
        f"{mode}, longest {length}": lambda run=run, batch=batch: run(batch).numpy()
        for mode, run in _functions(encoder).items()
        for length, batch in batches.items()
    }


def text_batch(config: TextConfig, rows: int, longest: int) -> dict[str, tf.Tensor]:
    """Random token ids; one row has `longest` of them, the others at most that."""
    random = np.random.default_rng(0)
    shape = (rows, config.sequence_length)
    lengths = np.append(random.integers(1, longest + 1, rows - 1), longest)
    return {
        "token_ids": tf.constant(
            random.integers(0, config.vocabulary_size, shape).astype("int32")
        ),
        "segment_ids": tf.zeros(shape, tf.int32),
        "padding_mask": tf.constant(
            (np.arange(config.sequence_length) < lengths[:, None]).astype("int32")
        ),
    }


def _functions(encoder):
    optimizer = keras.optimizers.AdamW(1e-5)
    optimizer.build(encoder.trainable_variables)

    def train(batch):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(encoder(batch, training=True) ** 2)
        weights = encoder.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    forward = tf.function(lambda batch: encoder(batch, training=False))
    return {FORWARD: forward, STEP: tf.function(train)}


if __name__ == "__main__":
    try:
        tyro.cli(main)
    except InputError as error:
        sys.exit(f"{error}")
