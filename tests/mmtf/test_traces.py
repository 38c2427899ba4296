"""How often TensorFlow traces a model, whatever the batches' sizes and lengths."""

import dataclasses
from collections import Counter

import numpy as np
import pytest

from mmtf import presets, training
from mmtf.config import Labels
from mmtf.distribution import DistributedModel, make_strategy
from tests.mmtf.first_losses import random_rows


@pytest.fixture
def traces(monkeypatch):
    """By step, how often its Python code ran, which it does only to be traced."""
    counts = Counter()

    def counting(name):
        step = getattr(DistributedModel, name)

        def counted(model, *args, **kwargs):
            counts[name] += 1
            return step(model, *args, **kwargs)

        return counted

    for name in ("train_step", "test_step", "predict_step"):
        monkeypatch.setattr(DistributedModel, name, counting(name))
    return counts


def texts_of_many_lengths(config, *batch_sizes):
    """Batches whose longest texts have at most 3, 6, 9, ... tokens."""
    rows = random_rows(config, sum(batch_sizes)).batch(max(batch_sizes))
    batches = rows.rebatch(list(batch_sizes)).enumerate(start=1)

    def shorten(number, example):
        batch, label = example
        tokens = np.arange(config.model.text.sequence_length)
        mask = batch["padding_mask"] * (tokens < 3 * number)
        return {**batch, "padding_mask": mask}, label

    return batches.map(shorten)


def test_each_step_is_traced_once(traces):
    config = dataclasses.replace(
        presets.tiny(),
        labels=Labels(class_names=("a", "b", "c")),
        model=dataclasses.replace(presets.tiny().model, modalities=("text",)),
    )
    strategy = make_strategy("one")
    model = training.prepare_model(config, strategy, steps_per_epoch=4)
    train = texts_of_many_lengths(config, 8, 8, 8, 7)
    validation = texts_of_many_lengths(config, 6, 5)
    model.fit(train, validation_data=validation, epochs=3, shuffle=False, verbose=0)
    assert traces == {"train_step": 1, "test_step": 1}

    model.evaluate(texts_of_many_lengths(config, 9, 2), verbose=0)
    # Keras predicts from tensors of one size, until it meets another.
    model.predict(texts_of_many_lengths(config, 9, 2, 5, 7), verbose=0)
    assert traces == {"train_step": 1, "test_step": 1, "predict_step": 2}
