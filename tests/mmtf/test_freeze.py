"""Encoders that do not train."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmtf.features import MODALITIES
from mmtf.model import build_model, feature_model
from tests.mmtf.random_batch import random_batch
from tests.mmtf.tiny_model import tiny


def frozen(*modalities, **encoders):
    return replace(tiny(**encoders), freeze=modalities)


def compiled(config, **options):
    model = build_model(config, num_outputs=3)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.1), loss, **options)
    return model


def gradient_operations(model, config):
    """Names of the operations of a training step that go back through the model."""
    batch, labels = random_batch(config, 4), np.zeros(4, int)
    step = tf.function(lambda *rows: model.train_step(rows))
    graph = step.get_concrete_function(batch, labels).graph
    names = [operation.name for operation in graph.get_operations()]
    return [name for name in names if name.startswith("gradient_tape/")]


def test_a_frozen_encoder_stays_bit_for_bit_and_the_rest_trains():
    config = frozen("text", "image")
    model = compiled(config, run_eagerly=True)
    parts = [model.get_layer(f"{m}_encoder") for m in MODALITIES]
    before = [[weight.numpy() for weight in part.weights] for part in parts]
    model.train_on_batch(random_batch(config, 4), np.arange(4) % 3)
    unchanged = [
        all(map(np.array_equal, weights, [w.numpy() for w in part.weights]))
        for weights, part in zip(before, parts, strict=True)
    ]
    assert unchanged == [True, True, False]


def test_nothing_is_computed_on_the_way_back_through_a_frozen_encoder():
    config = frozen("text", "audio", text="birnn")
    model = compiled(config)
    names = gradient_operations(model, config)
    passed = [m for m in MODALITIES if any(f"{m}_encoder" in name for name in names)]
    assert passed == ["image"]
    assert any("fusion" in name for name in names)


def test_a_frozen_encoder_has_no_state_in_the_optimizer():
    model = compiled(frozen(*MODALITIES))
    trained = {id(weight) for weight in model.trainable_weights}
    heads = [model.get_layer(name) for name in ("fusion", "logits")]
    assert trained == {id(w) for head in heads for w in head.trainable_weights}
    model.optimizer.build(model.trainable_variables)
    # Two moments for each weight, the step and the rate.
    assert len(model.optimizer.variables) == 2 * len(trained) + 2


@pytest.mark.parametrize(
    "encoders", [{}, {"text": "birnn", "image": "resnet50"}], ids=["bert", "birnn"]
)
def test_a_frozen_encoder_gives_the_same_features_in_training(encoders):
    config = frozen(*MODALITIES, **encoders)
    encode = feature_model(build_model(config, num_outputs=3))
    batch, before = random_batch(config, 4), encode.get_weights()
    at_inference, in_training = encode(batch), encode(batch, training=True)
    for modality in MODALITIES:
        np.testing.assert_array_equal(in_training[modality], at_inference[modality])
    assert all(map(np.array_equal, encode.get_weights(), before))


def test_a_loaded_model_is_as_frozen_as_the_saved_one(tmp_path):
    config = frozen("text")
    model = build_model(config, num_outputs=3)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert not loaded.get_layer("text_encoder").trainable_weights
    assert len(loaded.trainable_weights) == len(model.trainable_weights)
    assert loaded.get_layer("frozen_text").output is loaded.get_layer("fusion").input[0]
