import numpy as np
import pytest

from mmtf.config import Labels
from pipelines.inspection.counting import (
    compare_labels,
    compare_presence,
    count_values,
    describe_splits,
)
from pipelines.inspection.facts import ABSENT, EMPTY, FACTS, SOUND, UNREADABLE

SPLITS = ("train", "test")
NAMES = Labels(class_names=("a", "b", "c"))
NUMBERS = Labels(task="regression")


def rows_of(*states):
    facts = np.zeros(len(states), FACTS)
    for column, modality in enumerate(("text", "image", "audio")):
        facts[f"{modality}_state"] = [state[column] for state in states]
    return facts


def test_rows_are_counted_by_split_state_and_combination():
    facts = rows_of(
        (SOUND, ABSENT, SOUND), (EMPTY, UNREADABLE, ABSENT), (ABSENT,) * 3,
        (SOUND, SOUND, SOUND),
    )  # fmt: skip
    labels, split_of_row = np.array([0, 2, 2, 1]), np.array([0, 0, 0, 1])
    splits = describe_splits(facts, labels, NAMES, split_of_row, SPLITS)
    train, test = splits["train"], splits["test"]
    assert (train.rows, test.rows) == (3, 1)
    text, image = train.modalities["text"], train.modalities["image"]
    assert (text.sound, text.empty, text.absent) == (1, 1, 1)
    assert (image.sound, image.unreadable, image.absent) == (0, 1, 2)
    used = {name: n for name, n in train.combinations.items() if n}
    assert used == {"text+image": 1, "text+audio": 1, "none": 1}
    assert test.combinations["text+image+audio"] == 1
    assert train.labels == {"a": 1, "b": 0, "c": 2}


def test_numbers_are_described_by_quartiles():
    facts, split_of_row = rows_of(*[(SOUND,) * 3] * 5), np.zeros(5, int)
    numbers = np.array([5.0, 1, 2, 3, 4])
    splits = describe_splits(facts, numbers, NUMBERS, split_of_row, SPLITS)
    assert list(splits["train"].labels.values()) == [1, 2, 3, 4, 5]
    assert set(splits["test"].labels.values()) == {None}


def test_labels_and_presence_are_compared_across_splits():
    split_of_row = np.repeat([0, 1], 40)
    halves, thirds = np.arange(80) % 2, np.arange(80) // 40
    assert compare_labels(halves, NAMES, split_of_row, SPLITS).p == pytest.approx(1)
    assert compare_labels(thirds, NAMES, split_of_row, SPLITS).p < 1e-9
    found = compare_labels(halves * 1.5, NUMBERS, split_of_row, SPLITS)
    assert (found.test, found.p) == ("Kruskal-Wallis", pytest.approx(1))
    states = [(SOUND, half, third) for half, third in zip(halves, thirds, strict=True)]
    presence = compare_presence(rows_of(*states), split_of_row, SPLITS)
    assert presence["text"].p == 1
    assert presence["image"].p == pytest.approx(1)
    assert presence["audio"].p < 1e-9


def test_values_are_counted_without_nothing():
    assert count_values(np.array(["JPEG", "", "PNG", "JPEG"])) == {"JPEG": 2, "PNG": 1}
    assert count_values(np.array([0, 8000])) == {"8000": 1}
