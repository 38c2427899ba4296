from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmtf import optimizers, presets, training
from mmtf.config import Labels
from mmtf.model import build_model, classifier, feature_model
from mmtf.precision import in_float32, layers_in
from mmtf.run import Run, start_run
from tests.mmtf.first_losses import random_rows
from tests.mmtf.random_batch import random_batch
from tests.mmtf.tiny_model import tiny

PAIRS = {
    "bert, cnn, conv_tasnet": {},
    "birnn, cnn, crnn": {"text": "birnn", "audio": "crnn", "fusion": "gated"},
    "bert, resnet50, conv_tasnet": {"image": "resnet50", "fusion": "concat"},
}
every_encoder = pytest.mark.parametrize("encoders", PAIRS.values(), ids=[*PAIRS])


def mixed(precision, **encoders):
    config = replace(tiny(**encoders), modality_dropout=0.0, dropout=0.0)
    keras.utils.set_random_seed(0)
    with layers_in(precision):
        return build_model(config, num_outputs=3), random_batch(config, 6)


def losses(model, batch, steps):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, run_eagerly=True)
    labels = np.arange(6) % 3
    return [model.train_on_batch(batch, labels) for _ in range(steps)]


def test_keras_has_its_own_policy_again():
    before = keras.config.dtype_policy()
    with pytest.raises(KeyError), layers_in("mixed_bfloat16"):
        assert keras.layers.Dense(1).compute_dtype == "bfloat16"
        raise KeyError
    assert keras.config.dtype_policy() == before


@every_encoder
def test_encoders_compute_in_16_bits_and_their_copy_in_32(encoders):
    model, batch = mixed("mixed_bfloat16", **encoders)
    features = feature_model(model)(batch)
    assert {x.dtype.name for x in features.values()} == {"bfloat16"}
    assert {weight.dtype for weight in model.weights} == {"float32"}
    assert model(batch).dtype == tf.float32
    copy, (plain, _) = in_float32(model), mixed("float32", **encoders)
    plain.set_weights(model.get_weights())
    expected = plain(batch)
    np.testing.assert_allclose(copy(batch), expected, atol=1e-5)
    features = feature_model(copy)(batch)
    assert {x.dtype.name for x in features.values()} == {"float32"}
    given = {**features, "presence": tf.constant(batch["presence"])}
    np.testing.assert_allclose(classifier(copy)(given)["logits"], expected, atol=1e-5)


@pytest.mark.parametrize("name", [*PAIRS][:2])
def test_a_few_steps_in_16_bits_reduce_the_loss(name):
    model, batch = mixed("mixed_bfloat16", **PAIRS[name])
    first, *_, last = losses(model, batch, 6)
    assert last < first


def test_a_model_in_float32_is_not_copied():
    model, _ = mixed("float32")
    assert in_float32(model) is model


def test_a_run_in_mixed_precision_gives_a_model_in_float32(tmp_path):
    config = replace(presets.tiny(), labels=Labels(class_names=("a", "b", "c")))
    train = replace(config.train, precision="mixed_float16")
    model = replace(config.model, modalities=("audio",))
    config = replace(config, train=train, model=model)
    rows = random_rows(config, 16).batch(8)
    # Its optimizers take another way through the strategy than with one device.
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    model = training.prepare_model(config, strategy, steps_per_epoch=len(rows))
    assert isinstance(model.optimizer, optimizers.LossScaleOptimizer)
    before = model.get_layer("logits").get_weights()[0]
    start_run(run := Run(str(tmp_path / "run")), config)
    trained = training.fit(model, rows, rows, config.train, run)
    assert np.abs(trained.get_layer("logits").get_weights()[0] - before).max() > 0
    assert {layer.compute_dtype for layer in trained.layers} == {"float32"}
    kept = keras.saving.load_model(run.path("model.keras"), compile=False)
    assert kept.get_layer("fusion").compute_dtype == "float16"
    assert keras.config.dtype_policy().name == "float32"
