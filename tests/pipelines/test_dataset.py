import dataclasses

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from mmtf import presets
from mmtf.config import DataConfig
from mmtf.errors import InputError
from mmtf.features import input_specs
from pipelines.dataset import (
    balanced_sizes,
    eval_dataset,
    make_tokenizer,
    train_dataset,
)
from pipelines.info import read_info

CONFIG = presets.tiny()
PLAIN = dataclasses.replace(CONFIG, data=DataConfig(augment=False))


@pytest.fixture(scope="module")
def tokenizer(demo_data):
    return make_tokenizer(demo_data, CONFIG)


def waveform_sums(dataset):
    return [float(s) for batch, _ in dataset for s in batch["waveform"].numpy().sum(1)]


@pytest.mark.parametrize("make", [train_dataset, eval_dataset])
def test_batches_keep_the_contract_of_features(demo_data, tokenizer, make):
    dataset = make(demo_data, CONFIG, tokenizer, split="train", batch_size=4)
    batch, label = next(iter(dataset))
    specs = input_specs(CONFIG.model)
    assert set(batch) == set(specs)
    for key, (shape, dtype) in specs.items():
        assert batch[key].shape == (4, *shape)
        assert batch[key].dtype == dtype
    assert label.shape == (4,)


def test_evaluation_reads_every_row_once_in_balanced_batches(demo_data, tokenizer):
    dataset = eval_dataset(demo_data, CONFIG, tokenizer, split="train", batch_size=16)
    sizes = [len(label) for _, label in dataset]
    assert sum(sizes) == read_info(demo_data).splits["train"].num_examples
    assert max(sizes) - min(sizes) <= 1
    assert len(sizes) == int(dataset.cardinality())


def test_an_epoch_is_a_permutation_and_the_next_another(demo_data, tokenizer):
    train = train_dataset(demo_data, PLAIN, tokenizer, batch_size=1)
    rows = waveform_sums(eval_dataset(demo_data, PLAIN, tokenizer, split="train"))
    first, second = waveform_sums(train), waveform_sums(train)
    assert sorted(first) == sorted(second) == pytest.approx(sorted(rows))
    assert first != second


def test_the_same_seed_gives_the_same_epochs(demo_data, tokenizer):
    def epochs(seed):
        dataset = train_dataset(demo_data, CONFIG, tokenizer, seed=seed)
        return [(batch, label) for _ in range(2) for batch, label in dataset]

    for (batch, label), (other, other_label) in zip(epochs(5), epochs(5), strict=True):
        np.testing.assert_array_equal(label, other_label)
        for key in batch:
            np.testing.assert_array_equal(batch[key], other[key])
    assert waveform_sums(epochs(5)) != waveform_sums(epochs(6))


def test_augmentation_changes_training_rows_alone(demo_data, tokenizer):
    def gains(dataset):
        return {round(value, 3) for value in waveform_sums(dataset) if value}

    plain = gains(train_dataset(demo_data, PLAIN, tokenizer, batch_size=1))
    augmented = gains(train_dataset(demo_data, CONFIG, tokenizer, batch_size=1))
    evaluated = gains(eval_dataset(demo_data, CONFIG, tokenizer, split="train"))
    assert evaluated == plain
    assert len(augmented & plain) < len(plain) / 2


def test_a_short_remainder_is_left_out_unless_it_is_all(demo_data, tokenizer):
    sizes = [
        [len(label) for _, label in train_dataset(
            demo_data, CONFIG, tokenizer, batch_size=batch_size
        )]
        for batch_size in (20, 100)
    ]  # fmt: skip
    assert sizes == [[20, 20], [42]]


def test_a_split_that_is_not_there_lists_those_that_are(demo_data, tokenizer):
    with pytest.raises(InputError, match="'dev' split.*test, train, validation"):
        eval_dataset(demo_data, CONFIG, tokenizer, split="dev")


def test_another_sample_rate_says_how_to_mend_it(demo_data, tokenizer):
    audio = dataclasses.replace(CONFIG.model.audio, sample_rate_hz=8000)
    model = dataclasses.replace(CONFIG.model, audio=audio)
    config = dataclasses.replace(CONFIG, model=model)
    with pytest.raises(InputError, match="8000 and 16000.*sample-rate-hz 8000"):
        train_dataset(demo_data, config, tokenizer)


def test_the_vocabulary_comes_from_the_training_texts(tokenizer):
    assert len(tokenizer.get_vocabulary()) <= CONFIG.model.text.vocabulary_size
    assert "the" in tokenizer.get_vocabulary()


def test_a_batch_size_must_be_positive(demo_data, tokenizer):
    with pytest.raises(InputError, match="1 or more. Received: batch_size=0"):
        eval_dataset(demo_data, CONFIG, tokenizer, split="test", batch_size=0)


def test_a_training_batch_must_fill_the_replicas(demo_data, tokenizer):
    with pytest.raises(InputError, match="6 rows for 4 devices.*strategy one"):
        train_dataset(demo_data, CONFIG, tokenizer, batch_size=6, num_replicas=4)


@given(st.integers(1, 500), st.integers(1, 64), st.integers(1, 4))
def test_balanced_sizes_are_alike_and_fill_the_replicas(rows, batch_size, replicas):
    try:
        sizes = balanced_sizes(rows, batch_size, num_replicas=replicas)
    except InputError:
        assert replicas > 1
        return
    assert sum(sizes) == rows
    assert max(sizes) <= batch_size
    assert max(sizes) - min(sizes) <= 1
    for size in sizes:  # as tf.distribute deals them
        share = -(-size // replicas)
        assert min(share, size - share * (replicas - 1)) > 0


def test_balanced_sizes_by_hand():
    assert balanced_sizes(65, 32) == [22, 22, 21]
    assert balanced_sizes(9, 8, num_replicas=2) == [5, 4]
    with pytest.raises(InputError, match="1 rows for 2 devices"):
        balanced_sizes(1, 8, num_replicas=2)


def test_evaluation_reads_only_the_asked_modalities(demo_data, tokenizer):
    how = {"split": "train", "batch_size": 100}
    ((whole, _),) = eval_dataset(demo_data, CONFIG, tokenizer, **how)
    ((batch, _),) = eval_dataset(
        demo_data, CONFIG, tokenizer, **how, modalities=("image",)
    )
    np.testing.assert_array_equal(batch["image"], whole["image"])
    expected = whole["presence"].numpy() & [False, True, False]
    np.testing.assert_array_equal(batch["presence"], expected)
    assert not batch["waveform"].numpy().any()
    assert set(batch["padding_mask"].numpy().sum(axis=1)) == {2}  # [CLS] and [SEP]


def test_evaluation_has_each_row_changed_as_asked(demo_data, tokenizer):
    def number_it(row, number):
        image = row["image"] + tf.cast(number, tf.float32)
        return {**row, "text": tf.constant("the"), "image": image}

    how = {"split": "train", "batch_size": 16}
    clean = eval_dataset(demo_data, CONFIG, tokenizer, **how)
    changed = eval_dataset(demo_data, CONFIG, tokenizer, **how, corrupt=number_it)
    first = 0
    for (batch, labels), (other, other_labels) in zip(clean, changed, strict=True):
        added = other["image"].numpy() - batch["image"].numpy()
        numbers = np.arange(first, first := first + len(labels))
        np.testing.assert_allclose(added[:, 0, 0, 0], numbers, atol=1e-3)
        np.testing.assert_array_equal(labels, other_labels)
        assert set(other["padding_mask"].numpy().sum(axis=1)) == {3}
