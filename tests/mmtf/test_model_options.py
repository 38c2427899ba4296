"""No option of the model's config does nothing."""

import re
from dataclasses import replace

import pytest

from mmtf.model import build_model
from tests.mmtf.tiny_model import tiny

OPTIONS = {
    ("text", "bert"): (
        "sequence_length", "vocabulary_size", "num_layers", "num_heads", "hidden_dim",
        "intermediate_dim", "dropout",
    ),
    ("text", "birnn"): (
        "sequence_length", "vocabulary_size", "num_layers", "hidden_dim", "dropout",
    ),
    ("image", "cnn"): ("size", "filters"),
    ("audio", "conv_tasnet"): (
        "sample_rate_hz", "seconds", "num_filters", "kernel_size", "bottleneck_dim",
        "hidden_dim", "block_kernel_size", "num_blocks", "num_repeats",
    ),
    ("audio", "crnn"): (
        "sample_rate_hz", "seconds", "hidden_dim", "num_mel_bins", "filters",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("section", "encoder", "option"),
    [(*key, option) for key, options in OPTIONS.items() for option in options],
)
def test_option_of_an_encoder_reaches_the_model(section, encoder, option):
    config = tiny(**{section: encoder})
    part = getattr(config, section)
    changed = replace(part, **{option: 2 * getattr(part, option)})
    assert described(config) == described(config)
    assert described(replace(config, **{section: changed})) != described(config)


def test_options_of_the_fusion_reach_it():
    config = replace(
        tiny(), fusion_dim=12, fusion_layers=2, fusion_heads=3, dropout=0.3,
        modality_dropout=0.4,
    )  # fmt: skip
    model = build_model(config, num_outputs=2)
    expected = {"dim": 12, "num_layers": 2, "num_heads": 3, "dropout": 0.3}
    assert expected.items() <= model.get_layer("fusion").get_config().items()
    assert model.get_layer("dropout").rate == 0.3
    assert model.get_layer("modality_dropout").rate == 0.4


def described(config):
    """The model as text, without the numbers that Keras adds to names."""
    text = build_model(config, num_outputs=2).to_json()
    return re.sub(r'_\d+"|"shared_object_id": \d+', '"', text)
