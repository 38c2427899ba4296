from collections import Counter

import pytest

from mmtf.errors import InputError
from mmtf.features import MODALITIES, SUBSETS
from pipelines.demo.oracle import MOODS, TRUTH, best_guess, oracle_accuracy
from pipelines.demo.rows import draw_rows


def accuracy_of_best_guess(rows, subset):
    guesses = [
        best_guess({m: r.shown[m] for m in subset if m in r.shown}) for r in rows
    ]
    return sum(g == r.label for g, r in zip(guesses, rows, strict=True)) / len(rows)


@pytest.mark.parametrize("seed", range(5))
def test_best_guess_reaches_the_oracle_on_the_test_split(seed):
    rows = [row for row in draw_rows(1600, seed) if row.split == "test"]
    for subset in SUBSETS:
        expected = oracle_accuracy(subset)
        assert accuracy_of_best_guess(rows, subset) == pytest.approx(
            expected, abs=0.015
        )


@pytest.mark.parametrize("modality", MODALITIES)
def test_each_modality_tells_the_truth_as_often_as_it_should(modality):
    shown = [r for r in draw_rows(1600, 0) if modality in r.shown]
    truth = sum(r.shown[modality] == r.label for r in shown) / len(shown)
    assert truth == pytest.approx(TRUTH[modality], abs=0.01)
    assert len(shown) / 1600 == pytest.approx(0.93, abs=0.01)


def test_splits_and_labels_are_balanced():
    rows = draw_rows(1600, 3)
    sizes = Counter(row.split for row in rows)
    assert sizes == {"train": 1120, "validation": 240, "test": 240}
    for split, size in sizes.items():
        labels = Counter(row.label for row in rows if row.split == split)
        assert all(abs(labels[mood] - size / 3) <= 6 for mood in MOODS)


def test_every_row_has_a_modality_and_an_id_of_its_own():
    rows = draw_rows(101, 1)
    assert len({row.id for row in rows}) == len(rows) == 101
    assert all(row.shown for row in rows)


def test_intensity_lies_in_the_range_of_its_label():
    for row in draw_rows(300, 0):
        assert -4 <= row.intensity <= 4
        assert row.label == MOODS[(row.intensity > -1) + (row.intensity >= 1)]


def test_rows_depend_on_the_seed_alone():
    assert draw_rows(50, 7) == draw_rows(50, 7)
    assert draw_rows(50, 7) != draw_rows(50, 8)


def test_row_order_tells_nothing_of_split_or_label():
    rows = draw_rows(400, 0)
    assert {row.split for row in rows[:60]} == {"train", "validation", "test"}
    assert {row.label for row in rows[:60]} == set(MOODS)


def test_too_few_rows():
    with pytest.raises(InputError, match="at least 20.*Received: rows=19"):
        draw_rows(19, 0)


def test_negative_seed():
    with pytest.raises(InputError, match="not be negative. Received: seed=-1"):
        draw_rows(20, -1)
