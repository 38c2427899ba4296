from collections import Counter

import pytest

from mmtf.errors import InputError
from pipelines.splits import check_fractions, hashed_split, split_named


@pytest.mark.parametrize(
    ("name", "split"),
    [("train", "train"), ("Training", "train"), ("validation", "validation"),
     ("val", "validation"), ("valid", "validation"), ("DEV", "validation"),
     ("test", "test"), ("testing", "test"), ("holdout", None)],
)  # fmt: skip
def test_names_and_aliases(name, split):
    assert split_named(name) == split


def test_the_hash_divides_ids_by_the_fractions():
    counts = Counter(hashed_split(f"id-{i}", (0.5, 0.3, 0.2)) for i in range(4000))
    assert counts["train"] == pytest.approx(2000, abs=120)
    assert counts["validation"] == pytest.approx(1200, abs=110)
    assert counts["test"] == pytest.approx(800, abs=100)


def test_the_hash_is_the_same_on_every_machine():
    # `printf r-0 | b2sum -l 64`, over 2**64: 0.43983, 0.80122, 0.92278, 0.33571.
    splits = [hashed_split(i, (0.8, 0.1, 0.1)) for i in ("r-0", "r-3", "r-8", "ü")]
    assert splits == ["train", "validation", "test", "train"]


@pytest.mark.parametrize("fractions", [(1, 0, 0), (0, 1, 0), (0, 0, 1)])
def test_a_share_of_nothing_gets_nothing(fractions):
    splits = {hashed_split(str(i), fractions) for i in range(200)}
    assert splits == {("train", "validation", "test")[fractions.index(1)]}


def test_good_fractions_pass():
    check_fractions((0.7, 0.2, 0.1))


@pytest.mark.parametrize("fractions", [(0.8, 0.2), (0.8, 0.3, -0.1), (0.8, 0.1, 0.2)])
def test_bad_fractions_are_an_error(fractions):
    with pytest.raises(InputError, match=r"sum to 1. Received: \(0.8, "):
        check_fractions(fractions)
