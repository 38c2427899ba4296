"""Named configurations: each a function that returns a `Config`."""

from mmtf.config import (
    AudioConfig,
    Config,
    DataConfig,
    ImageConfig,
    ModelConfig,
    TextConfig,
    TrainConfig,
)
from mmtf.errors import InputError


def tiny() -> Config:
    """For tests: every part in its smallest form, seconds to train."""
    return Config(
        model=ModelConfig(
            text=TextConfig(
                sequence_length=16, vocabulary_size=300, num_layers=1,
                num_heads=2, hidden_dim=16, intermediate_dim=32,
            ),
            image=ImageConfig(encoder="cnn", size=32, filters=(8, 16)),
            audio=AudioConfig(
                seconds=0.5, num_filters=8, kernel_size=160, bottleneck_dim=8,
                hidden_dim=16, num_blocks=2, num_repeats=1,
            ),
            fusion_dim=16, fusion_heads=2,
        ),
        data=DataConfig(shuffle_rows=64),
        train=TrainConfig(epochs=1, batch_size=8),
    )  # fmt: skip


def small() -> Config:
    """Trains from scratch in minutes on two CPU cores."""
    return Config(
        model=ModelConfig(
            text=TextConfig(sequence_length=48, vocabulary_size=2000),
            image=ImageConfig(encoder="cnn", size=64, filters=(16, 32, 64, 128)),
            audio=AudioConfig(
                seconds=2.0, num_filters=64, kernel_size=80, bottleneck_dim=32,
                hidden_dim=64, num_blocks=5, num_repeats=2,
            ),
            fusion_dim=128,
        ),
        train=TrainConfig(epochs=15),
    )  # fmt: skip


def base() -> Config:
    """BERT-base (768), ResNet50 at 224 pixels (2048), Conv-TasNet (1024).

    Weights start at random but for those named by `text.preset` and `image.weights`.
    """
    return Config(
        model=ModelConfig(
            text=TextConfig(
                vocabulary_size=30522, num_layers=12, num_heads=12,
                hidden_dim=768, intermediate_dim=3072,
            ),
            fusion_dim=512, fusion_heads=8,
        ),
        train=TrainConfig(learning_rate=5e-5),
    )  # fmt: skip


def cnn_rnn() -> Config:
    """The simple baseline: recurrent text, plain CNN, CRNN on log-mel, concat."""
    return Config(
        model=ModelConfig(
            text=TextConfig(encoder="birnn", sequence_length=48, num_layers=1),
            image=ImageConfig(encoder="cnn", size=64, filters=(16, 32, 64, 128)),
            audio=AudioConfig(encoder="crnn", seconds=2.0, hidden_dim=64),
            fusion="concat", fusion_dim=128,
        ),
        train=TrainConfig(epochs=15),
    )  # fmt: skip


PRESETS = {"tiny": tiny, "small": small, "base": base, "cnn_rnn": cnn_rnn}


def preset(name: str) -> Config:
    """The configuration of that name.

    Raises:
        InputError: no preset has that name.
    """
    if name not in PRESETS:
        raise InputError(
            f"A preset must be one of {', '.join(PRESETS)}. Received: {name!r}."
        )
    return PRESETS[name]()
