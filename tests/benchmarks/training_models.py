"""A base model in small, for tests of the comparison with PyTorch."""

from mmtf.config import (
    AudioConfig,
    Config,
    ImageConfig,
    Labels,
    ModelConfig,
    TextConfig,
    TrainConfig,
)

CONFIG = Config(
    model=ModelConfig(
        text=TextConfig(
            sequence_length=12, vocabulary_size=50, num_layers=2, num_heads=2,
            hidden_dim=8, intermediate_dim=12, dropout=0.0,
        ),
        # Smaller ones leave the last norms few values, and so much rounding.
        image=ImageConfig(size=192),
        audio=AudioConfig(
            seconds=0.25, num_filters=8, kernel_size=40, bottleneck_dim=4,
            hidden_dim=6, num_blocks=2, num_repeats=2,
        ),
        fusion_dim=12, fusion_heads=3, fusion_layers=2, dropout=0.0,
        modality_dropout=0.0,
    ),
    train=TrainConfig(warmup_fraction=0.0, learning_rate=1e-4),
    labels=Labels(class_names=("no", "perhaps", "yes")),
)  # fmt: skip
