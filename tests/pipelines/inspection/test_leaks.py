import numpy as np
import pytest

from pipelines.inspection.groups import Groups
from pipelines.inspection.leaks import find_leaks, shared_modalities
from pipelines.inspection.repeats import find_repeats

SPLITS = ("train", "validation", "test")
TRAIN, VALIDATION, TEST = range(3)


def groups_of(same, near=None):
    """Content is sound where it is not absent (-1)."""
    same = np.array(same)
    near = same if near is None else np.array(near)
    return Groups(same, near, same >= 0)


def leaks_of(same, split_of_row, *, near=None, words=9):
    words = np.full(len(same), words)
    ids = [f"row-{index}" for index in range(len(same))]
    leaks = find_leaks(
        groups_of(same, near), words, np.array(split_of_row), SPLITS, ids
    )
    return {
        (leak.split, leak.source): [(p.id, p.other_id, p.near) for p in leak.pairs]
        for leak in leaks
    }


def test_a_whole_copy_leaks_from_later_splits_to_earlier():
    same = [[1, 1, 1], [1, 1, 1], [1, 1, 1]]
    assert leaks_of(same, [TEST, TRAIN, VALIDATION]) == {
        ("validation", "train"): [("row-2", "row-1", False)],
        ("test", "train"): [("row-0", "row-1", False)],
        ("test", "validation"): [("row-0", "row-2", False)],
    }


@pytest.mark.parametrize(
    ("source", "row", "leaks"),
    [
        ([1, 2, 3], [1, 2, -1], True),
        ([1, 2, 3], [-1, -1, 3], True),
        ([1, 2, -1], [1, 2, 3], False),
        ([1, 2, 3], [1, 2, 4], False),
        ([1, -1, -1], [-1, 1, -1], False),
    ],
)
def test_all_that_the_row_holds_must_be_in_one_other(source, row, leaks):
    assert bool(leaks_of([source, row], [TRAIN, TEST])) == leaks


def test_two_sources_do_not_add_up():
    same = [[1, -1, 5], [6, 2, -1], [1, 2, -1]]
    assert not leaks_of(same, [TRAIN, TRAIN, TEST])


def test_near_copies_are_told_from_whole_ones_which_come_first():
    same = [[1, 1, 1], [2, 2, 2], [1, 3, 1], [2, 2, 2]]
    near = [[1, 1, 1], [2, 2, 2], [1, 1, 1], [2, 2, 2]]
    assert leaks_of(same, [TRAIN, TRAIN, TEST, TEST], near=near) == {
        ("test", "train"): [("row-3", "row-1", False), ("row-2", "row-0", True)]
    }


def test_a_short_text_alone_is_no_evidence():
    text_only, with_image = [[1, -1, -1]] * 2, [[1, 1, -1]] * 2
    assert not leaks_of(text_only, [TRAIN, TEST], words=3)
    assert leaks_of(text_only, [TRAIN, TEST], words=4)
    assert leaks_of(with_image, [TRAIN, TEST], words=3)


def test_rows_with_nothing_sound_do_not_leak():
    assert not leaks_of([[-1, -1, -1]] * 2, [TRAIN, TEST])


def test_repeats_within_count_all_but_the_first_and_across_those_shared():
    same = [[1, 5, -1], [1, 6, -1], [1, 7, -1], [2, 5, -1], [1, 5, -1]]
    split_of_row = np.array([TRAIN, TRAIN, TRAIN, TEST, TEST])
    repeats = find_repeats(groups_of(same), split_of_row, SPLITS)
    text, image, row = (repeats[name].same for name in ("text", "image", "row"))
    assert (text["train"], text["test"], text["test in train"]) == (2, 0, 1)
    assert (image["train"], image["test"], image["test in train"]) == (0, 1, 2)
    assert (row["train"], row["test in train"]) == (0, 1)
    assert set(text.values()) == {0, 1, 2}
    assert shared_modalities(repeats, "test", "train") == {
        "text": 1, "image": 2, "audio": 0,
    }  # fmt: skip
