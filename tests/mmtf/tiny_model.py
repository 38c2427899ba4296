"""Tiny models of every kind, and batches that differ only where it must not matter."""

from dataclasses import replace

import numpy as np

from mmtf import presets
from mmtf.config import ImageConfig
from mmtf.features import MODALITIES
from mmtf.model import build_model
from tests.mmtf.check_layer import randomise

FUSIONS = ("concat", "gated", "attention")
KEYS = {
    "text": ("token_ids", "padding_mask", "segment_ids"),
    "image": ("image",),
    "audio": ("waveform", "waveform_length"),
}


def tiny(fusion="attention", text="bert", audio="conv_tasnet", image="cnn"):
    config = presets.tiny().model
    resnet50 = ImageConfig(size=32)
    return replace(
        config,
        fusion=fusion,
        text=replace(config.text, encoder=text),
        audio=replace(config.audio, encoder=audio, filters=(3, 4)),
        image=config.image if image == "cnn" else resnet50,
    )


def random_model(config):
    model = build_model(config, num_outputs=3)
    if config.image.encoder == "cnn":  # random norms make a ResNet's features vast
        randomise(model)
    return model


def with_other_padding(batch, other):
    tokens = batch["padding_mask"] == 1
    samples = np.arange(batch["waveform"].shape[1]) < batch["waveform_length"][:, None]
    changed = dict(batch)
    for key in ("token_ids", "segment_ids"):
        changed[key] = np.where(tokens, batch[key], other[key])
    changed["waveform"] = np.where(samples, batch["waveform"], np.float32(np.nan))
    return changed


def with_other_absent(batch, other):
    changed = dict(batch)
    for index, modality in enumerate(MODALITIES):
        present = batch["presence"][:, index]
        for key in KEYS[modality]:
            axes = (-1, *(1,) * (batch[key].ndim - 1))
            changed[key] = np.where(present.reshape(axes), batch[key], other[key])
    changed["image"][~batch["presence"][:, 1]] = np.nan
    return changed
