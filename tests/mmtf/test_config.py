import dataclasses
import json

import pytest

from mmtf import presets
from mmtf.config import (
    AudioConfig,
    Config,
    DataConfig,
    ImageConfig,
    Labels,
    ModelConfig,
    TextConfig,
    TrainConfig,
)
from mmtf.errors import InputError


@pytest.mark.parametrize("name", presets.PRESETS)
def test_every_preset_survives_json(name):
    config = presets.preset(name)
    assert Config.from_json(config.to_json()) == config


def test_json_keeps_values_that_are_not_defaults():
    config = Config(
        data=DataConfig(augment=False, cache_features=True),
        model=ModelConfig(
            image=ImageConfig(encoder="cnn", filters=(3, 5)),
            fusion="gated",
            freeze=("audio", "text"),
        ),
        train=TrainConfig(seed=7, learning_rate=0.25, precision="mixed_bfloat16"),
        labels=Labels(class_names=("bad", "good")),
    )
    restored = Config.from_json(config.to_json())
    assert restored == config
    assert restored.model.image.filters == (3, 5)
    assert restored.model.freeze == ("text", "audio")
    assert restored.labels.num_outputs == 2


def test_json_with_an_unknown_field_is_refused():
    values = json.loads(Config().to_json())
    values["train"]["momentum"] = 0.9
    with pytest.raises(InputError, match="TrainConfig must have no.*'momentum'"):
        Config.from_json(json.dumps(values))


def test_json_from_before_an_option_was_added_has_its_default():
    values = json.loads(Config().to_json())
    del values["train"]["seeds"], values["model"]["modalities"]
    assert Config.from_json(json.dumps(values)) == Config()


def test_modalities_have_one_order():
    config = ModelConfig(modalities=("audio", "text"))
    assert config == ModelConfig(modalities=("text", "audio"))
    assert config.modalities == ("text", "audio")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TextConfig(num_heads=3), "num_heads=3, hidden_dim=128"),
        (lambda: TextConfig(sequence_length=2), "sequence_length=2. Use 3 or more"),
        (lambda: TextConfig(dropout=1.0), "`dropout` must be at least 0.*dropout=1.0"),
        (lambda: ImageConfig(size=16), "at least 32.*size=16, encoder='resnet50'"),
        (lambda: ImageConfig(encoder="cnn", weights="imagenet"), "encoder='cnn'"),
        (lambda: ImageConfig(filters=(8, 0)), r"filters=\(8, 0\)"),
        (lambda: ModelConfig(fusion="sum"), "concat, gated, attention.*fusion='sum'"),
        (
            lambda: TextConfig(encoder="birnn", preset="p"),
            "encoder='birnn', preset='p'",
        ),
        (lambda: AudioConfig(kernel_size=15), "must be even.*kernel_size=15"),
        (lambda: AudioConfig(seconds=0), "`seconds` must be greater than 0.*seconds=0"),
        (lambda: ModelConfig(fusion_heads=3), "fusion_heads=3, fusion_dim=256"),
        (lambda: TrainConfig(seed=-1), r"from 0 to 2\*\*32 - 1.*seed=-1"),
        (
            lambda: TrainConfig(seeds=(1, 2**32)),
            "A seed must be from 0.*seed=4294967296",
        ),
        (lambda: TrainConfig(seeds=(1, 1)), r"must differ.*seeds=\(1, 1\)"),
        (lambda: TrainConfig(seed=2, seeds=(1,)), r"together.*seed=2, seeds=\(1,\)"),
        (lambda: ModelConfig(modalities=()), r"one or more of text, image.*=\(\)"),
        (lambda: ModelConfig(modalities=("text", "text")), "each once.*'text', 'text'"),
        (
            lambda: Config(data=DataConfig(cache_features=True)),
            r"do not change. Received: cache_features=True, freeze=\(\). Name some",
        ),
        (lambda: TrainConfig(precision="float16"), "mixed_float16. Received"),
        (lambda: ModelConfig(modalities=("video",)), "`modalities` must.*'video'"),
        (
            lambda: ModelConfig(modalities=("text", "image"), freeze=("audio",)),
            r"`freeze` must be of .* text, image, each once.*=\('audio',\)",
        ),
        (lambda: ModelConfig(freeze=("text", "text")), "each once.*'text', 'text'"),
        (lambda: TrainConfig(clip_norm=-1.0), "`clip_norm` must be at least 0.*-1.0"),
        (lambda: TrainConfig(weight_decay=-1.0), "`weight_decay` must be at least 0"),
        (
            lambda: TrainConfig(strategy="one", virtual_devices=2),
            "virtual_devices=2, strategy='one'",
        ),
        (lambda: TextConfig(vocabulary_size=5), "vocabulary_size=5. Use 6 or more"),
        (lambda: AudioConfig(seconds=1e-4), "seconds=0.0001, kernel_size=16"),
        (
            lambda: AudioConfig(encoder="crnn", rematerialize=True),
            "`rematerialize` is for the conv_tasnet encoder",
        ),
        (
            lambda: AudioConfig(encoder="crnn", sample_rate_hz=900),
            "at least 1000.*sample_rate_hz=900",
        ),
        (lambda: Config.from_json("{"), "must be JSON"),
        (lambda: TrainConfig(epochs=0), "`epochs` must be greater than 0.*epochs=0"),
        (lambda: TrainConfig(batch_size=1, virtual_devices=2), "batch_size=1, virtual"),
    ],
)
def test_a_wrong_value_names_the_rule_and_what_came(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_configs_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        TrainConfig().seed = 3


def test_samples_of_a_waveform_follow_from_rate_and_seconds():
    assert AudioConfig(sample_rate_hz=8000, seconds=1.5).num_samples == 12000


def test_regression_has_one_output():
    assert Labels(task="regression").num_outputs == 1


def test_an_unknown_preset_lists_those_there_are():
    with pytest.raises(InputError, match="tiny, small, base, cnn_rnn.*'huge'"):
        presets.preset("huge")
