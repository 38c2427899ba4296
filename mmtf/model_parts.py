"""A model cut behind its encoders, for features that were computed before.

Legend: B batch, D_m width of modality m.
"""

from collections.abc import Collection

import keras

from mmtf.distribution import DistributedModel
from mmtf.features import MODALITIES, features_name
from mmtf.model import feature_model


def encoder_model(model: keras.Model, modality: str) -> keras.Model:
    """One encoder of a built or loaded model, sharing its weights.

    Args:
        model: one that is built with the modality.
        modality: which.

    Returns:
        Model from the entries of a batch that the encoder reads, and `presence`, to
        features (B, D_m).
    """
    keys = (*_keys(model, modality), "presence")
    features = feature_model(model).output[modality]
    return keras.Model({key: model.input[key] for key in keys}, features)


def model_on_features(model: keras.Model, modalities: Collection[str]) -> keras.Model:
    """A built or loaded model without some of its encoders, sharing its weights.

    Args:
        model: what `mmtf.build_model` makes.
        modalities: those whose features a batch holds.

    Returns:
        Model to logits, as `model` is, from a batch that has `text_features` (B, D_m),
        say, instead of what the text encoder reads.
    """
    *features, _ = model.get_layer("fusion").input
    features = dict(zip(MODALITIES, features, strict=True))
    unread = {key for modality in modalities for key in _keys(model, modality)}
    raw = {key: x for key, x in model.input.items() if key not in unread}
    inputs = _inputs(raw | {features_name(m): features[m] for m in modalities})
    given = {m: inputs[features_name(m)] for m in modalities}
    computed = {m: x for m, x in features.items() if m not in modalities}
    if computed:
        given |= keras.Model(raw, computed)({key: inputs[key] for key in raw})
    return DistributedModel(inputs, _logits(model, given, inputs), name="mmtf")


def _inputs(tensors):
    return {
        name: keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=name)
        for name, tensor in tensors.items()
    }


def _logits(model, features, inputs):
    presence, names = inputs["presence"], {layer.name for layer in model.layers}
    for name in ("modalities", "modality_dropout"):
        if name in names:
            presence = model.get_layer(name)(presence)
    vector, _ = model.get_layer("fusion")([features[m] for m in MODALITIES], presence)
    return model.get_layer("logits")(model.get_layer("dropout")(vector))


def _keys(model, modality):
    return tuple(model.get_layer(f"{modality}_encoder").input)
