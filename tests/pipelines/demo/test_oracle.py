import numpy as np
import pytest

from mmtf.features import AUDIO, IMAGE, MODALITIES, SUBSETS, TEXT
from pipelines.demo.oracle import (
    MOODS,
    PRESENCE,
    TRUTH,
    best_guess,
    joint_probability,
    oracle_accuracy,
    oracle_record,
    possible_moods,
)


def simulate(rows, rng):
    """Labels (rows,) and shown moods (rows, 3), -1 where absent, drawn row by row."""
    labels = rng.integers(3, size=rows)
    lies = (labels[:, None] + rng.integers(1, 3, size=(rows, 3))) % 3
    true_mask = rng.random((rows, 3)) < [TRUTH[m] for m in MODALITIES]
    patterns = np.array([[m in present for m in MODALITIES] for present in PRESENCE])
    present_mask = patterns[rng.choice(7, rows, p=list(PRESENCE.values()))]
    moods = np.where(true_mask, labels[:, None], lies)
    return labels, np.where(present_mask, moods, -1)


def test_single_modality_by_hand():
    # Text is there in 0.01 + 0.05 + 0.05 + 0.82 of the rows and then right in 0.82.
    assert oracle_accuracy((TEXT,)) == pytest.approx(0.93 * 0.82 + 0.07 / 3)


def test_pair_by_hand():
    # Text decides wherever it is; image where it is alone; nothing in 0.01.
    expected = 0.93 * 0.82 + 0.06 * 0.81 + 0.01 / 3
    assert oracle_accuracy((TEXT, IMAGE)) == pytest.approx(expected)


@pytest.mark.parametrize("subset", SUBSETS)
def test_accuracy_by_simulation(subset):
    rng = np.random.default_rng(0)
    labels, moods = simulate(200_000, rng)
    moods = np.where([m in subset for m in MODALITIES], moods, -1)
    votes = np.zeros((len(labels), 3))
    for column, modality in enumerate(MODALITIES):
        weight = np.log(TRUTH[modality] / ((1 - TRUTH[modality]) / 2))
        votes += weight * (moods[:, column, None] == np.arange(3))
    accuracy = np.mean(votes.argmax(axis=1) == labels)
    assert accuracy == pytest.approx(oracle_accuracy(subset), abs=0.004)


def test_two_that_agree_outvote_the_most_truthful():
    shown = {TEXT: "positive", IMAGE: "negative", AUDIO: "negative"}
    assert best_guess(shown) == "negative"


def test_of_two_that_disagree_the_more_truthful_is_believed():
    assert best_guess({IMAGE: "neutral", AUDIO: "positive"}) == "neutral"


@pytest.mark.parametrize("subset", SUBSETS)
def test_probabilities_of_all_that_can_be_sum_to_one(subset):
    total = sum(joint_probability(y, s) for y in MOODS for s in possible_moods(subset))
    assert total == pytest.approx(1)
    assert sum(PRESENCE.values()) == pytest.approx(1)


def test_record_names_every_subset():
    record = oracle_record()
    assert record["classes"] == sorted(record["classes"])
    assert record["accuracy"]["text+image+audio"] == oracle_accuracy(MODALITIES)
    assert len(record["accuracy"]) == len(record["presence"]) == 7
