"""What is measured, and how often."""

import dataclasses
from dataclasses import dataclass
from typing import Literal, get_args

from mmtf.config import Config, Labels
from mmtf.errors import InputError
from mmtf.presets import base

Part = Literal["text", "image", "audio", "whole"]
Mode = Literal["train", "forward"]

_CLASS_NAMES = ("angry", "happy", "neutral", "sad")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is measured, and how often."""

    parts: tuple[Part, ...] = ("text", "image", "audio", "whole")
    """One encoder under a linear head, or the whole model."""
    mode: tuple[Mode, ...] = ("train", "forward")
    """A training step (with clipping and AdamW), or the forward pass alone."""
    contenders: tuple[str, ...] = ()
    """`mmtf`, one of `pytorch` and `pytorch-compiled`, and `mmtf-xla` if you like;
    empty: all."""
    text_batch: int = 8
    """Rows in a step."""
    image_batch: int = 8
    audio_batch: int = 2
    whole_batch: int = 2
    audio_seconds: float = 2.0
    """Of each waveform; the preset's own are 4."""
    rounds: int = 3
    """Turns of each contender."""
    turn_seconds: float = 1.0
    """Steps of a turn are as many as fit in this, at least one."""
    pytorch: str = ".venv-bench/bin/python"
    """The Python that has PyTorch and transformers."""

    def __post_init__(self):
        for name in ("parts", "mode"):
            if not getattr(self, name):
                raise InputError(f"`{name}` must name at least one. Received: none.")
        batches = [f"{part}_batch" for part in get_args(Part)]
        for name in ("rounds", "turn_seconds", "audio_seconds", *batches):
            if not getattr(self, name) > 0:
                raise InputError(
                    f"`{name}` must be greater than 0. "
                    f"Received: {name}={getattr(self, name)}."
                )

    def batch_size(self, part: Part) -> int:
        """Rows in a step of that part."""
        return getattr(self, f"{part}_batch")


def base_config(audio_seconds: float) -> Config:
    """The base preset for four classes, at a constant rate from the first step."""
    config = base()
    audio = dataclasses.replace(config.model.audio, seconds=audio_seconds)
    return dataclasses.replace(
        config,
        model=dataclasses.replace(config.model, audio=audio),
        train=dataclasses.replace(config.train, warmup_fraction=0.0),
        labels=Labels(class_names=_CLASS_NAMES),
    )
