"""What a model is built without is not read."""

import dataclasses

import numpy as np
import pytest

from mmtf import presets
from mmtf.config import DataConfig
from mmtf.features import MODALITIES
from pipelines.build import build
from pipelines.dataset import eval_dataset, make_tokenizer, train_dataset
from pipelines.preprocess import Preprocessor
from tests.pipelines.media_samples import wav_bytes


def tiny(*modalities):
    config = presets.tiny()
    model = dataclasses.replace(config.model, modalities=modalities)
    return dataclasses.replace(config, model=model, data=DataConfig(augment=False))


@pytest.mark.parametrize("modality", MODALITIES)
def test_batches_hold_nothing_of_the_others(demo_data, modality):
    config = tiny(modality)
    tokenizer = make_tokenizer(demo_data, config)
    own = MODALITIES.index(modality)
    others = [index for index in range(3) if index != own]
    for dataset in (
        train_dataset(demo_data, config, tokenizer),
        eval_dataset(demo_data, config, tokenizer, split="test", modalities=MODALITIES),
    ):
        batch = next(iter(dataset))[0]
        presence = batch["presence"].numpy()
        assert presence[:, own].any()
        assert not presence[:, others].any()
        content = [batch["padding_mask"][:, 2:], batch["image"], batch["waveform"]]
        assert [np.any(value) for value in content] == [
            m == modality for m in MODALITIES
        ]


def test_a_request_is_read_as_the_model_reads_it():
    config = tiny("text", "audio")
    preprocessor = Preprocessor(config.model, make_tokenizer("nowhere", tiny("image")))
    broken = b"\x89PNG and no more"
    batch = preprocessor.batch(
        ["a", ""], [broken, broken], [b"", wav_bytes([0.25])], on_bad_media="error"
    )
    assert batch["presence"].numpy().tolist() == [
        [True, False, False],
        [False, False, True],
    ]


def test_rows_without_any_text_do_for_a_model_without_text(tmp_path):
    rows = [f",a.wav,{label},{split}" for split in SPLITS for label in ("a", "b")]
    (tmp_path / "a.wav").write_bytes(wav_bytes(np.full(800, 0.5)))
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("\n".join(["text,audio,label,split", *rows]))
    build(str(manifest), str(tmp_path / "data"), processes=1)
    config = tiny("image", "audio")
    tokenizer = make_tokenizer(str(tmp_path / "data"), config)
    batch, _ = next(iter(train_dataset(str(tmp_path / "data"), config, tokenizer)))
    assert batch["presence"].numpy().tolist() == [[False, False, True]] * 2
    cls, sep = tokenizer.cls_token_id, tokenizer.sep_token_id
    assert batch["token_ids"].numpy()[:, :2].tolist() == [[cls, sep]] * 2


SPLITS = ("train", "validation", "test")
