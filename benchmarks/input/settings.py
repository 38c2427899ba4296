"""What is measured, and how often."""

from dataclasses import dataclass
from typing import Literal

from mmtf.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is measured, and how often."""

    preset: Literal["tiny", "small", "base", "cnn_rnn"] = "base"
    """Gives the size of images and the length of waveforms."""
    split: str = "train"
    """Whose rows of DATA are read."""
    batch_size: int = 32
    """Rows in a batch."""
    camera_pictures: int = 128
    """Large photographs in a generated corpus; 0: no such corpus."""
    camera_copies: int = 4
    """Rows that each of them is in."""
    camera_size: tuple[int, int] = (1600, 1200)
    """Width and height of those, in pixels."""
    rounds: int = 5
    """Turns of each contender."""
    turn_seconds: float = 4.0
    """How long a turn takes, after batches to warm up."""
    pytorch: str = ".venv-bench/bin/python"
    """The Python that has PyTorch, WebDataset and simplejpeg."""

    def __post_init__(self):
        for name in ("batch_size", "rounds", "turn_seconds", "camera_copies"):
            if not getattr(self, name) > 0:
                raise InputError(
                    f"`{name}` must be greater than 0. "
                    f"Received: {name}={getattr(self, name)}."
                )
        if self.camera_pictures < 0 or min(self.camera_size) < 16:
            raise InputError(
                "The generated corpus must have 0 pictures or more, of 16 pixels or "
                f"more. Received: camera_pictures={self.camera_pictures}, "
                f"camera_size={self.camera_size}."
            )
