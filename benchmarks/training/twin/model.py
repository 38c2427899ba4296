"""One encoder with a head, or all three with their fusion.

Legend: B batch, M modalities (3), C outputs.
"""

import torch
from torch import Tensor, nn

from benchmarks.training.twin.audio import AudioEncoder
from benchmarks.training.twin.fusion import AttentionFusion
from benchmarks.training.twin.image import ImageEncoder
from benchmarks.training.twin.text import TextEncoder


def build(part: str, config: dict, num_outputs: int) -> nn.Module:
    """The twin of `benchmarks.training.mmtf_model.build`, with random weights."""
    if part == "whole":
        return Whole(config, num_outputs)
    return Part(part, config, num_outputs)


def _encoder(modality, config):
    if modality == "image":
        return ImageEncoder()
    encoder = {"text": TextEncoder, "audio": AudioEncoder}[modality]
    return encoder(config[modality])


class Part(nn.Module):
    """An encoder and a linear head."""

    def __init__(self, part: str, config: dict, num_outputs: int):
        super().__init__()
        encoder = _encoder(part, config)
        self.encoders = nn.ModuleDict({part: encoder})
        self.logits = nn.Linear(encoder.width, num_outputs)

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Logits (B, C)."""
        (encoder,) = self.encoders.values()
        return self.logits(encoder(batch))


class Whole(nn.Module):
    """Three encoders, dropped at random in training, their fusion and the head."""

    def __init__(self, config: dict, num_outputs: int):
        super().__init__()
        self.encoders = nn.ModuleDict(
            {name: _encoder(name, config) for name in ("text", "image", "audio")}
        )
        widths = [encoder.width for encoder in self.encoders.values()]
        self.modality_dropout = config["modality_dropout"]
        self.fusion = AttentionFusion(widths, config)
        self.dropout = nn.Dropout(config["dropout"])
        self.logits = nn.Linear(config["fusion_dim"], num_outputs)

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Logits (B, C)."""
        features = [encoder(batch) for encoder in self.encoders.values()]
        presence = batch["presence"]
        if self.training and self.modality_dropout:
            presence = self._drop(presence)
        return self.logits(self.dropout(self.fusion(features, presence)))

    def _drop(self, presence):
        """Each modality is lost by chance, but a row keeps its largest draw."""
        draws = torch.rand(presence.shape).masked_fill(~presence, -1.0)
        largest = draws.amax(dim=-1, keepdim=True)
        return presence & ((draws >= self.modality_dropout) | (draws >= largest))
