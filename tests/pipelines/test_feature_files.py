import dataclasses
import os

import numpy as np
import pytest

from mmtf import presets
from mmtf.config import DataConfig
from pipelines.dataset import eval_dataset, make_tokenizer, train_dataset
from pipelines.feature_files import feature_files, rows_fingerprint, write_features
from pipelines.info import read_info

CONFIG = dataclasses.replace(presets.tiny(), data=DataConfig(augment=False))
AUGMENTED = presets.tiny()
MADE_OF = {
    "text": {"token_ids", "padding_mask", "segment_ids"},
    "image": {"image"},
    "audio": {"waveform", "waveform_length"},
}


@pytest.fixture(scope="module")
def tokenizer(demo_data):
    return make_tokenizer(demo_data, CONFIG)


def sums_of_audio(batch):
    return batch["waveform"].numpy().sum(axis=1)


@pytest.fixture(scope="module")
def features(demo_data, tokenizer, tmp_path_factory):
    """Stand-ins that tell rows apart: the sum of the samples, and its double."""
    info = read_info(demo_data).splits["train"]
    rows = eval_dataset(demo_data, CONFIG, tokenizer, split="train")
    batches = (np.outer(sums_of_audio(batch), [1, 2]) for batch, _ in rows)
    folder = str(tmp_path_factory.mktemp("cache") / "features" / "audio")
    write_features(folder, batches, shard_lengths=info.shard_lengths)
    return feature_files(folder, len(info.files))


@pytest.mark.parametrize(
    ("modality", "make"),
    [("text", train_dataset), ("audio", eval_dataset)],
)
def test_features_lie_beside_their_rows_in_the_same_order(
    demo_data, tokenizer, features, modality, make
):
    plain = make(demo_data, CONFIG, tokenizer, split="train")
    given = {modality: features}
    cached = make(demo_data, CONFIG, tokenizer, split="train", features=given)
    for (batch, label), (other, other_label) in zip(plain, cached, strict=True):
        sums = np.outer(sums_of_audio(batch), [1, 2])
        np.testing.assert_array_equal(other.pop(f"{modality}_features"), sums)
        np.testing.assert_array_equal(label, other_label)
        assert set(other) == set(batch) - MADE_OF[modality]
        for key in other:
            np.testing.assert_array_equal(batch[key], other[key])


def test_the_other_modalities_are_augmented_as_before(demo_data, tokenizer, features):
    def first(**options):
        dataset = train_dataset(demo_data, AUGMENTED, tokenizer, **options)
        return next(iter(dataset))[0]

    without, plain = first(features={"audio": features}), first()
    for key in ("image", "token_ids"):
        np.testing.assert_array_equal(without[key], plain[key])
    everything = dict.fromkeys(MADE_OF, features)
    assert set(first(features=everything)) == {
        "presence", "text_features", "image_features", "audio_features",
    }  # fmt: skip


def test_what_fails_on_the_way_leaves_nothing(tmp_path):
    def batches():
        yield np.ones((2, 3))
        raise KeyboardInterrupt

    folder = str(tmp_path / "features" / "text")
    with pytest.raises(KeyboardInterrupt):
        write_features(folder, batches(), shard_lengths=[1, 2])
    assert os.listdir(tmp_path / "features") == []


@pytest.mark.parametrize("num_rows", [2, 4])
def test_every_row_must_have_features(tmp_path, num_rows):
    with pytest.raises(ValueError, match="one row of features for each"):
        write_features(
            str(tmp_path / "f"), [np.ones((num_rows, 3))], shard_lengths=[1, 2]
        )


def test_the_first_of_two_writers_stays(tmp_path):
    folder = str(tmp_path / "features")
    for value in (1.0, 2.0):
        write_features(folder, [np.full((1, 1), value)], shard_lengths=[1])
    (path,) = feature_files(folder, 1)
    with open(path, "rb") as file:
        assert np.float32(1.0).tobytes() in file.read()
    assert os.listdir(tmp_path) == ["features"]


def test_rows_are_told_apart_by_all_they_hold(tmp_path):
    prints = set()
    for content in (b"ab", b"ac"):
        (tmp_path / "shard").write_bytes(content)
        prints.add(rows_fingerprint([str(tmp_path / "shard")]))
    assert len(prints) == 2
