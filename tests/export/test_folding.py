import keras
import numpy as np
import pytest
from keras import layers

from export.folding import fold_batch_normalization
from mmtf.config import ImageConfig
from mmtf.encoders.image import cnn, resnet50

PICTURES = np.random.default_rng(0).uniform(-1, 1, (2, 8, 8, 3)).astype("float32")


def with_statistics(model, seed=0):
    """The model as if it were trained."""
    rng = np.random.default_rng(seed)
    for layer in model._flatten_layers():
        if isinstance(layer, layers.BatchNormalization):
            for weight in layer.weights:
                weight.assign(rng.uniform(0.5, 1.5, weight.shape))
    return model


def chain(*parts):
    inputs = keras.Input((8, 8, 3))
    x = inputs
    for part in parts:
        x = part(x)
    return with_statistics(keras.Model(inputs, x))


def norms_in(model):
    return [
        layer
        for layer in model._flatten_layers()
        if isinstance(layer, layers.BatchNormalization)
    ]


def test_folded_weights_by_hand():
    model = chain(layers.Conv2D(1, 1), layers.BatchNormalization(epsilon=0.0))
    convolution, norm = model.layers[1:]
    convolution.set_weights(
        [np.array([1.0, 2.0, 3.0]).reshape(1, 1, 3, 1), np.array([5.0])]
    )
    gamma_beta_mean_variance = np.array([[6.0], [7.0], [2.0], [4.0]])
    norm.set_weights(list(gamma_beta_mean_variance))
    kernel, bias = fold_batch_normalization(model).get_weights()
    assert kernel.ravel().tolist() == [3, 6, 9]  # times 6 / sqrt(4)
    assert bias.tolist() == [(5 - 2) * 3 + 7]


@pytest.mark.parametrize(
    "parts",
    [
        (layers.Conv2D(4, 3, use_bias=False), layers.BatchNormalization(scale=False)),
        (layers.Conv2D(4, 3, strides=2), layers.BatchNormalization(center=False)),
        (layers.Conv2D(6, 3, groups=3), layers.BatchNormalization(), layers.ReLU()),
    ],
)
def test_answers_stay_and_the_norm_goes(parts):
    model = chain(*parts)
    before = [weight.copy() for weight in model.get_weights()]
    folded = fold_batch_normalization(model)
    np.testing.assert_allclose(folded(PICTURES), model(PICTURES), atol=1e-5)
    assert norms_in(folded) == []
    for weight, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)


@pytest.mark.parametrize(
    "parts",
    [
        (layers.BatchNormalization(),),
        (layers.Conv2D(4, 3, activation="relu"), layers.BatchNormalization()),
        (layers.Conv2D(4, 3), layers.BatchNormalization(axis=1)),
        (layers.DepthwiseConv2D(3), layers.BatchNormalization()),
        (
            layers.Conv2D(4, 3, dtype="mixed_bfloat16"),
            layers.BatchNormalization(dtype="mixed_bfloat16"),
        ),
    ],
)
def test_what_cannot_be_folded_stays(parts):
    model = chain(*parts)
    assert fold_batch_normalization(model) is model


def test_a_convolution_that_others_read_stays():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(3, 1)(inputs)
    model = keras.Model(inputs, x + layers.BatchNormalization()(x))
    assert fold_batch_normalization(model) is model


def test_a_convolution_that_is_an_answer_itself_stays():
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(3, 1)(inputs)
    model = keras.Model(inputs, [x, layers.BatchNormalization()(x)])
    assert fold_batch_normalization(model) is model


def test_resnet50_loses_all_its_norms():
    keras.utils.set_random_seed(0)
    model = with_statistics(resnet50(ImageConfig(size=32)))
    folded = fold_batch_normalization(model)
    assert (len(norms_in(model)), norms_in(folded)) == (53, [])
    pictures = {"image": np.random.default_rng(0).uniform(0, 255, (2, 32, 32, 3))}
    expected = np.array(model(pictures, training=False))
    received = folded(pictures, training=False)
    np.testing.assert_allclose(received, expected, atol=1e-4)


def test_a_model_without_norms_is_itself():
    model = cnn(ImageConfig(encoder="cnn", size=32, filters=(4,)))
    assert fold_batch_normalization(model) is model
