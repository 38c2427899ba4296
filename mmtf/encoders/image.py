"""Image encoders: pixels to one feature vector.

Legend: B batch, S height and width in pixels, D width of the features.
"""

import math

import keras
from keras import layers

from mmtf.config import ImageConfig
from mmtf.errors import InputError
from mmtf.layers import BatchNormalization


def resnet50(config: ImageConfig) -> keras.Model:
    """ResNet-50 without its classifier, averaged over the picture.

    With weights given, batch normalisation stays as it was trained with them:
    batches are small, and some of their pictures are blanks that stand for absent
    ones.

    Args:
        config: the image section of the model's config.

    Returns:
        Model from `image` (B, S, S, 3), RGB in [0, 255], to features (B, 2048).

    Raises:
        InputError: `config.weights` is a file that does not hold such weights.

    Reference:
        He et al. 2016, https://arxiv.org/abs/1512.03385, table 1.
    """
    inputs = _image_input(config)
    # The normalisation of the ImageNet weights: BGR, less the mean of each channel.
    x = keras.applications.resnet50.preprocess_input(inputs["image"])
    backbone = _resnet50_backbone(config)
    if config.weights:
        _freeze_batch_normalization(backbone)
    else:
        backbone = _prepare_batch_normalization(backbone)
    return keras.Model(inputs, backbone(x), name="image_encoder")


def cnn(config: ImageConfig) -> keras.Model:
    """A small convolutional network to train from scratch.

    Group normalisation, because it looks at one example at a time: the answer does
    not depend on the rest of the batch or on how replicas share it.

    Args:
        config: the image section of the model's config.

    Returns:
        Model from `image` (B, S, S, 3), RGB in [0, 255], to features (B, D), where
        D is the last of `filters`.

    Reference:
        Wu and He 2018, Group normalization, https://arxiv.org/abs/1803.08494.
    """
    inputs = _image_input(config)
    x = layers.Rescaling(1 / 127.5, offset=-1.0)(inputs["image"])
    for filters in config.filters:
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        # Pooling first leaves a quarter of the work to the norm.
        x = layers.MaxPooling2D()(x)
        x = layers.GroupNormalization(groups=math.gcd(filters, 8))(x)
        x = layers.ReLU()(x)
    features = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, features, name="image_encoder")


def _image_input(config):
    shape = (config.size, config.size, 3)
    return {"image": keras.Input(shape, dtype="float32", name="image")}


def _resnet50_backbone(config):
    try:
        return keras.applications.ResNet50(
            include_top=False,
            weights=config.weights or None,
            input_shape=(config.size, config.size, 3),
            pooling="avg",
        )
    except Exception as error:  # What a failed download raises is a bare one.
        if not config.weights:
            raise
        reason = str(error).partition("\n")[0]
        raise InputError(
            "`weights` must be `imagenet`, which Keras downloads, or a .weights.h5 "
            "file of ResNet50 without its top. Received: "
            f"weights={config.weights!r}, of which Keras says: {reason}"
        ) from error


def _freeze_batch_normalization(backbone):
    # `backbone(x, training=False)` would not do: `fit` overrides it.
    for layer in backbone.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False


def _prepare_batch_normalization(backbone):
    """A copy, with other random weights, that trains faster."""
    return keras.models.clone_model(backbone, clone_function=_prepared)


def _prepared(layer):
    config = layer.get_config()
    if isinstance(layer, layers.BatchNormalization):
        return BatchNormalization.from_config(config)
    if isinstance(layer, layers.Conv2D):
        # The norm behind it subtracts the bias again: what gradient that has is
        # rounding, of which Adam would make whole steps.
        config["use_bias"] = False
    return type(layer).from_config(config)
