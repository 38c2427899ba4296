import csv
import os
import shutil
from dataclasses import replace

import numpy as np
import pytest

import pipelines
from mmtf import presets
from mmtf.cli import main
from mmtf.cli.feature_cache import cached_features, features_key
from mmtf.model import build_model, feature_model
from mmtf.run import open_run

OPTIONS = (
    "--preset", "tiny", "--train.epochs", "2", "--data.no-augment",
    "--model.modalities", "text", "audio", "--model.freeze", "audio",
)  # fmt: skip


@pytest.fixture(scope="module")
def data(demo_data, tmp_path_factory):
    """A copy of the shards, to be written beside."""
    folder = str(tmp_path_factory.mktemp("cached") / "data")
    shutil.copytree(demo_data, folder)
    return folder


def frozen(*modalities):
    config = presets.tiny()
    return replace(config, model=replace(config.model, freeze=modalities))


@pytest.fixture(scope="module")
def parts(data):
    config = frozen("text", "image", "audio")
    tokenizer = pipelines.make_tokenizer(data, config)
    return config, tokenizer, build_model(config.model, num_outputs=3)


def history(folder):
    with open(os.path.join(folder, "history.csv")) as file:
        return [
            [float(row["loss"]), float(row["val_loss"])] for row in csv.DictReader(file)
        ]


def test_training_on_cached_features_is_the_same_training(data, tmp_path, capsys):
    plain, cached = str(tmp_path / "plain"), str(tmp_path / "cached")
    assert main(["train", data, plain, *OPTIONS]) == 0
    assert main(["train", data, cached, *OPTIONS, "--data.cache-features"]) == 0
    np.testing.assert_allclose(history(cached), history(plain), atol=1e-5)
    whole = [open_run(folder).model for folder in (plain, cached)]
    shapes = [[weight.shape for weight in model.weights] for model in whole]
    assert shapes[0] == shapes[1]
    assert "computing the audio features of validation" in capsys.readouterr().err
    assert len(os.listdir(f"{data}/features")) == 2


def test_features_are_computed_once_and_are_the_encoders(data, parts, monkeypatch):
    files = cached_features(data, *parts, split="test")
    monkeypatch.setattr("mmtf.cli.feature_cache._encode", None)
    assert cached_features(data, *parts, split="test") == files
    config, tokenizer, model = parts
    batches = [
        pipelines.eval_dataset(data, config, tokenizer, split="test", features=given)
        for given in (None, files)
    ]
    for (batch, _), (cached, _) in zip(*batches, strict=True):
        for modality, features in feature_model(model)(batch).items():
            given = cached[f"{modality}_features"]
            np.testing.assert_allclose(given, features, atol=1e-5)


def test_all_that_features_are_made_of_is_in_their_key(data, parts):
    config, tokenizer, model = parts
    keys = {
        features_key(*arguments)
        for arguments in [
            ("rows", config, tokenizer, model, "text"),
            ("rows", config, tokenizer, model, "audio"),
            ("other rows", config, tokenizer, model, "text"),
            ("rows", _longer(config), tokenizer, model, "text"),
            ("rows", config, _other_words(data, config), model, "text"),
            ("rows", config, tokenizer, _other_weights(config), "text"),
            ("rows", _in_16_bits(config), tokenizer, model, "text"),
        ]
    }
    assert len(keys) == 7
    assert features_key("rows", config, tokenizer, model, "text") in keys


def _other_weights(config):
    return build_model(config.model, num_outputs=3)


def _longer(config):
    text = replace(config.model.text, sequence_length=17)
    return replace(config, model=replace(config.model, text=text))


def _in_16_bits(config):
    return replace(config, train=replace(config.train, precision="mixed_bfloat16"))


def _other_words(data, config):
    text = replace(config.model.text, lowercase=False)
    model = replace(config.model, text=text)
    return pipelines.make_tokenizer(data, replace(config, model=model))


def test_there_must_be_something_frozen(data, tmp_path, capsys):
    words = ["--preset", "tiny", "--data.cache-features"]
    assert main(["train", data, str(tmp_path / "run"), *words]) == 2
    message = capsys.readouterr().err
    assert "encoders that do not change. Received: cache_features=True" in message
    assert not os.path.exists(tmp_path / "run")
