"""Prints the losses of the first training steps on so many virtual devices.

Run as a module by test_distribution.py, since devices are fixed at the first
computation of a process.
"""

import dataclasses
import json
import sys

import keras
import numpy as np
import tensorflow as tf

from mmtf import presets, training
from mmtf.config import Config, Labels
from mmtf.distribution import make_strategy
from mmtf.model import build_model
from tests.mmtf.random_batch import random_batch


def main(virtual_devices: int) -> None:
    strategy = make_strategy("mirrored", virtual_devices=virtual_devices)
    config = without_chance(presets.tiny())
    keras.utils.set_random_seed(1)
    with strategy.scope():
        model = build_model(config.model, num_outputs=3)
        training.compile_model(model, config, total_steps=4)
    losses: list[float] = []
    recorder = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda _, logs: losses.append(logs["loss"])
    )
    rows = random_rows(config, 32)
    model.fit(rows.batch(8), shuffle=False, verbose=0, callbacks=[recorder])
    odd = model.evaluate(rows.batch(11), verbose=0, return_dict=True)
    # What a callback sees is the mean of the epoch so far.
    sums = np.arange(1, len(losses) + 1) * losses
    print(json.dumps({"losses": np.diff(sums, prepend=0).tolist(), "odd": odd}))


def without_chance(config: Config) -> Config:
    text = dataclasses.replace(config.model.text, dropout=0.0)
    model = dataclasses.replace(
        config.model, text=text, dropout=0.0, modality_dropout=0.0
    )
    labels = Labels(class_names=("a", "b", "c"))
    return dataclasses.replace(config, model=model, labels=labels)


def random_rows(config: Config, rows: int = 31) -> tf.data.Dataset:
    labels = np.random.default_rng(0).integers(0, 3, rows)
    return tf.data.Dataset.from_tensor_slices(
        (random_batch(config.model, rows), labels)
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
