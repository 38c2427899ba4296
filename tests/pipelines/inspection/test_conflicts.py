import numpy as np

from pipelines.inspection.conflicts import find_conflicts
from tests.pipelines.inspection.test_leaks import groups_of

IDS = ["a", "b", "c", "d", "e"]


def test_rows_that_hold_the_same_must_agree():
    groups = groups_of([[1, 2, -1], [1, 2, -1], [1, 2, 3], [4, -1, -1], [4, -1, -1]])
    conflicts = find_conflicts(groups, np.array([0, 1, 0, 2, 2]), IDS, str)
    assert (conflicts.rows, conflicts.groups) == (2, 1)
    assert conflicts.examples[0].ids == ("a", "b")
    assert conflicts.examples[0].labels == ("0", "1")


def test_numbers_come_the_furthest_apart_first():
    groups = groups_of(
        [[1, -1, -1], [1, -1, -1], [2, -1, -1], [2, -1, -1], [3, -1, -1]]
    )
    numbers = np.array([1.0, 1.5, -1.0, 2.0, 9.0])
    conflicts = find_conflicts(groups, numbers, IDS, "{:.1f}".format)
    assert [example.labels for example in conflicts.examples] == [
        ("-1.0", "2.0"), ("1.0", "1.5"),
    ]  # fmt: skip


def test_rows_with_nothing_do_not_conflict():
    conflicts = find_conflicts(groups_of([[-1] * 3] * 5), np.arange(5), IDS, str)
    assert (conflicts.rows, conflicts.groups, conflicts.examples) == (0, 0, ())
