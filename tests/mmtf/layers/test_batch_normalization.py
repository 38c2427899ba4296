import keras
import numpy as np
import pytest
import tensorflow as tf

from mmtf.layers import BatchNormalization
from tests.mmtf.check_layer import randomise

rng = np.random.default_rng(0)
PICTURES = rng.normal(3, 2, (3, 5, 4, 6)).astype("float32")
WEIGHTS = rng.normal(size=PICTURES.shape).astype("float32")


def with_gradients(layer, inputs=PICTURES, **arguments):
    inputs = tf.constant(inputs)
    layer.build(inputs.shape)
    randomise(layer)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, training=True, **arguments)
        loss = tf.reduce_sum(tf.cast(outputs, "float32") * WEIGHTS[: len(inputs)])
    variables = [weight.value for weight in layer.trainable_variables]
    return outputs, layer.non_trainable_variables, tape.gradient(
        loss, [inputs, *variables]
    )  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        {"momentum": 0.3, "epsilon": 0.1},
        {"center": False},
        {"scale": False},
        {"axis": 3, "dtype": "mixed_bfloat16"},
        {"axis": 1},
        pytest.param(
            {"renorm": True},
            marks=pytest.mark.skipif(
                not hasattr(keras.layers.BatchNormalization(), "renorm"),
                reason="Keras 3.12, which Python 3.10 gets, has no renormalisation",
            ),
        ),
        {"dtype": "float64"},
        {"synchronized": True},
    ],
)
def test_equals_that_of_keras(arguments):
    received = with_gradients(BatchNormalization(**arguments))
    expected = with_gradients(keras.layers.BatchNormalization(**arguments))
    assert received[0].dtype == expected[0].dtype
    for tolerance, *pair in zip((1e-5, 1e-5, 1e-4), received, expected, strict=True):
        for one, other in zip(*map(keras.tree.flatten, pair), strict=True):
            one, other = (np.array(ops_32(x)) for x in (one, other))
            np.testing.assert_allclose(one, other, atol=tolerance, rtol=tolerance)


def ops_32(tensor):
    return keras.ops.cast(tensor, "float32")


def test_training_is_one_kernel():
    layer = BatchNormalization()
    graph = tf.function(lambda x: layer(x, training=True)).get_concrete_function(
        tf.TensorSpec((None, 5, 4, 6))
    )
    assert "FusedBatchNormV3" in {op.type for op in graph.graph.get_operations()}


def test_masks_are_minded():
    mask = rng.random((3, 5, 4)) > 0.5
    received = with_gradients(BatchNormalization(), mask=mask)
    expected = with_gradients(keras.layers.BatchNormalization(), mask=mask)
    np.testing.assert_allclose(received[0], expected[0], atol=1e-5)


def test_one_value_has_no_variance():
    layer = BatchNormalization(momentum=0.0)
    layer(PICTURES[:1, :1, :1], training=True)
    np.testing.assert_array_equal(layer.moving_variance, np.zeros(6))


def test_frozen_or_at_rest_it_uses_what_it_has_learned():
    layer = BatchNormalization(momentum=0.0, epsilon=0.1)
    layer(PICTURES, training=True)
    layer.trainable = False
    mean, variance = PICTURES.mean((0, 1, 2)), PICTURES.var((0, 1, 2))
    expected = (PICTURES[:1] - mean) / np.sqrt(variance + 0.1)
    for training in (True, False):
        received = layer(PICTURES[:1], training=training)
        np.testing.assert_allclose(received, expected, atol=1e-5)


def test_saves_and_loads(tmp_path):
    layer = BatchNormalization(momentum=0.25, epsilon=0.5, name="norm")
    model = keras.Sequential([keras.Input((5, 4, 6)), layer])
    model(PICTURES, training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded.get_layer("norm")) is BatchNormalization
    assert loaded.get_layer("norm").get_config() == layer.get_config()
    np.testing.assert_array_equal(loaded(PICTURES), model(PICTURES))
