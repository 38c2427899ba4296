"""mmtf's model, or one encoder of it with a head, and weights that tell them apart."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from export.encoding import encode_present, make_servable
from mmtf.config import Config
from mmtf.encoders import audio, image, text
from mmtf.model import build_model, classifier
from mmtf.training import compile_model

_ENCODERS = {"text": text.bert, "image": image.resnet50, "audio": audio.conv_tasnet}
_TOTAL_STEPS = 1_000_000


def build(part: str, config: Config, num_outputs: int) -> keras.Model:
    """The model that is measured, compiled as for training.

    Args:
        part: `text`, `image` or `audio`, an encoder under a linear head, or `whole`.
        config: the whole configuration.
        num_outputs: C; the number of classes.
    """
    if part == "whole":
        model = build_model(config.model, num_outputs=num_outputs)
    else:
        encoder = _ENCODERS[part](getattr(config.model, part))
        features = encoder(encoder.input)
        logits = layers.Dense(num_outputs, name="logits")(features)
        model = keras.Model(encoder.input, logits)
    compile_model(model, config, total_steps=_TOTAL_STEPS)
    return model


def served(part: str, model: keras.Model) -> Callable[[dict], tf.Tensor]:
    """From a batch to logits, by what `mmtf export` puts in the place of the model.

    Args:
        part: what the model was built for.
        model: from `build`, with the weights that count.
    """
    if part == "whole":
        encode, head = encode_present(model), classifier(model)
        return lambda batch: head(
            {**encode(batch), "presence": batch["presence"]}, training=False
        )["logits"]
    # Not compiled, as a loaded run's encoders are.
    twin = make_servable(keras.Model(model.input, model.output))
    return lambda batch: twin(batch, training=False)


def scatter(model: keras.Model, images: np.ndarray, seed: int) -> None:
    """Gives random values to weights that start alike, so that none can be mixed up.

    Batch normalisation gets the statistics of the images: with others, fifty layers of
    it would blow the features up, or put them out.

    Args:
        model: from `build`.
        images: float array (B, S, S, 3), such as the model reads.
        seed: of the values.
    """
    random = np.random.default_rng(seed)
    for weight in model.trainable_weights:
        value = np.asarray(weight)
        if value.std() == 0:
            weight.assign(value + 0.1 * random.standard_normal(value.shape))
    for layer in model.layers:
        if layer.name == "image_encoder":
            _take_statistics(layer, images)


def _take_statistics(encoder, images):
    norms = [
        layer
        for layer in _leaf_layers(encoder)
        if isinstance(layer, layers.BatchNormalization)
    ]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 0.0
    encoder({"image": images}, training=True)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum


def _leaf_layers(model):
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _leaf_layers(layer)
        else:
            yield layer
