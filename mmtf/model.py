"""The model: encoders, a fusion and a head, as one Functional model.

Legend: B batch, M modalities (3), C outputs, D width of the fused vector.
"""

import dataclasses

import keras
from keras import layers, ops

from mmtf.config import ModelConfig
from mmtf.distribution import DistributedModel
from mmtf.encoders import audio, image, text
from mmtf.features import AUDIO, IMAGE, MODALITIES, TEXT, input_specs, subset_mask
from mmtf.fusion import AttentionFusion, ConcatFusion, GatedFusion
from mmtf.layers import KeepValid, ModalityDropout, SelectModalities, StopGradient

_ENCODERS = {
    TEXT: {"bert": text.bert, "birnn": text.birnn},
    IMAGE: {"resnet50": image.resnet50, "cnn": image.cnn},
    AUDIO: {"conv_tasnet": audio.conv_tasnet, "crnn": audio.crnn},
}

# The entry of a batch that empties a modality once it is all zeros.
_EMPTIED_BY = {"padding_mask": TEXT, "image": IMAGE, "waveform_length": AUDIO}


def build_model(config: ModelConfig, *, num_outputs: int) -> keras.Model:
    """The model from a batch to logits.

    Weights are random, but for those that the config names.

    Args:
        config: the model's config.
        num_outputs: C; the number of classes, or 1 for regression.

    Returns:
        Functional model from a batch (the dict of `mmtf.features.input_specs`) to
        float32 logits (B, C). Its parts are the layers `text_encoder`,
        `image_encoder`, `audio_encoder`, `modality_dropout`, `fusion` and `logits`.
        A modality that is not in `config.modalities` has no encoder and reads as
        absent from every row (the layer `modalities` sees to it). One that is in
        `config.freeze` has an encoder that is not trainable, and the layer
        `frozen_text`, say, behind it.

    Raises:
        InputError: the config names weights that cannot be loaded.
    """
    batch = {
        key: keras.Input(shape, dtype=dtype, name=key)
        for key, (shape, dtype) in input_specs(config).items()
    }
    features = [_encode(config, modality, batch) for modality in MODALITIES]
    presence = batch["presence"]
    if config.modalities != MODALITIES:
        selected = subset_mask(config.modalities)
        presence = SelectModalities(selected, name="modalities")(presence)
    presence = ModalityDropout(config.modality_dropout, name="modality_dropout")(
        presence
    )
    vector, _ = _fusion(config)(features, presence)
    vector = layers.Dropout(config.dropout, name="dropout")(vector)
    # Softmax and losses lose too much in 16 bits.
    logits = layers.Dense(num_outputs, dtype="float32", name="logits")(vector)
    return DistributedModel(batch, logits, name="mmtf")


def _encode(config, modality, batch):
    """Features (B, D_m); what an absent modality holds never enters its encoder."""
    if modality not in config.modalities:
        return ops.zeros_like(batch["presence"][:, :1], dtype="float32")
    encoder = _encoder(config, modality)
    inputs = {}
    for key in encoder.input:
        inputs[key] = batch[key]
        if _EMPTIED_BY.get(key) == modality:
            present = batch["presence"][:, MODALITIES.index(modality)]
            inputs[key] = KeepValid(name=f"present_{key}")(batch[key], present)
    features = encoder(inputs)
    if modality in config.freeze:
        features = StopGradient(name=f"frozen_{modality}")(features)
    return features


def _encoder(config, modality):
    section = getattr(config, modality)
    is_frozen = modality in config.freeze
    if is_frozen and hasattr(section, "dropout"):
        # `trainable` does not reach dropout.
        section = dataclasses.replace(section, dropout=0.0)
    encoder = _ENCODERS[modality][section.encoder](section)
    if is_frozen:
        encoder.trainable = False
    return encoder


def _fusion(config):
    if config.fusion == "attention":
        return AttentionFusion(
            config.fusion_dim,
            num_layers=config.fusion_layers,
            num_heads=config.fusion_heads,
            dropout=config.dropout,
            name="fusion",
        )
    fusion = {"concat": ConcatFusion, "gated": GatedFusion}[config.fusion]
    return fusion(config.fusion_dim, name="fusion")


def feature_model(model: keras.Model) -> keras.Model:
    """The encoders of a built or loaded model, sharing its weights.

    Returns:
        Model from a batch to the features (B, D_m) by modality: what `classifier`
        needs to answer for any presence without encoding again. A modality that
        the model is built without has a zero, (B, 1).
    """
    *features, _ = model.get_layer("fusion").input
    return keras.Model(model.input, dict(zip(MODALITIES, features, strict=True)))


def classifier(model: keras.Model) -> keras.Model:
    """The fusion and head of a built or loaded model, sharing its weights.

    Returns:
        Model from the outputs of `feature_model` and `presence` (bool (B, M)), in
        one dict, to the outputs of `detailed_model`.
    """
    *features, presence = model.get_layer("fusion").input
    inputs = {
        name: keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=name)
        for name, tensor in zip(
            (*MODALITIES, "presence"), (*features, presence), strict=True
        )
    }
    vector, weights = model.get_layer("fusion")(
        [inputs[modality] for modality in MODALITIES],
        _selected(model, inputs["presence"]),
    )
    logits = model.get_layer("logits")(model.get_layer("dropout")(vector))
    return keras.Model(inputs, _details(logits, vector, weights))


def _selected(model, presence):
    selects = any(layer.name == "modalities" for layer in model.layers)
    return model.get_layer("modalities")(presence) if selects else presence


def detailed_model(model: keras.Model) -> keras.Model:
    """A built or loaded model with its inner answers, sharing its weights.

    Returns:
        Model from a batch to a dict of float32 tensors: `logits` (B, C), `embedding`
        (B, D), the fused vector, and `modality_weights` (B, M), which sum to 1 over
        the modalities present.
    """
    vector, weights = model.get_layer("fusion").output
    return keras.Model(model.input, _details(model.output, vector, weights))


def _details(logits, vector, weights):
    return {
        "logits": logits,
        "embedding": ops.cast(vector, "float32"),
        "modality_weights": weights,
    }
