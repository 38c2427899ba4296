import dataclasses

import numpy as np
import pytest

from benchmarks.training.inputs import random_batch, random_labels
from benchmarks.training.settings import base_config
from mmtf.features import input_specs

MODEL = base_config(audio_seconds=0.5).model
SIZES = dataclasses.asdict(MODEL)


@pytest.mark.parametrize("ragged", [False, True])
def test_a_batch_has_the_shapes_and_types_of_the_contract(ragged):
    batch = random_batch("whole", SIZES, 3, seed=1, ragged=ragged)

    assert {
        key: (array.shape[1:], str(array.dtype)) for key, array in batch.items()
    } == input_specs(MODEL)
    assert all(len(array) == 3 for array in batch.values())
    assert batch["image"].max() <= 255 and np.abs(batch["waveform"]).max() <= 1


def test_a_timed_batch_is_full():
    batch = random_batch("whole", SIZES, 4, seed=1)

    assert batch["presence"].all() and batch["padding_mask"].all()
    assert (batch["waveform_length"] == 8000).all()


def test_a_compared_batch_has_short_texts_and_absent_modalities():
    batches = [random_batch("whole", SIZES, 4, seed, ragged=True) for seed in (0, 1)]
    lengths = np.concatenate([batch["padding_mask"].sum(axis=1) for batch in batches])
    presence = np.concatenate([batch["presence"] for batch in batches])

    assert len(set(lengths)) > 2 and lengths.min() >= 2
    assert len(np.unique(presence, axis=0)) == 8
    assert not (batches[0]["token_ids"] * (1 - batches[0]["padding_mask"])).any()


def test_a_part_gets_what_it_reads_and_a_seed_the_same_numbers():
    text = random_batch("text", SIZES, 2, seed=3)
    whole = random_batch("whole", SIZES, 2, seed=3)

    assert set(text) == {"token_ids", "segment_ids", "padding_mask"}
    assert all((text[key] == whole[key]).all() for key in text)
    assert (text["token_ids"] != random_batch("text", SIZES, 2, 4)["token_ids"]).any()
    assert set(random_labels(50, 4, seed=0)) == {0, 1, 2, 3}
