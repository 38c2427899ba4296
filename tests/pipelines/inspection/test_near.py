import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from pipelines.inspection import near
from pipelines.inspection.near import MAX_DIFFERENT_BITS, near_groups


def random_codes(rng, number):
    """Random codes, of which some are others with a few bits turned."""
    bits = rng.integers(0, 2, (number, 128)).astype("uint8")
    for row in range(1, number):
        if rng.random() < 0.5:
            bits[row] = bits[rng.integers(row)]
            turned = rng.choice(128, rng.integers(0, 12), replace=False)
            bits[row, turned] ^= 1
    return np.packbits(bits, axis=1)


def partition(groups):
    return {frozenset(np.flatnonzero(groups == g).tolist()) for g in set(groups)}


def all_pairs(first, second):
    return np.ones(len(first), bool)


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
@settings(max_examples=40)
def test_groups_are_those_of_comparing_each_with_each(seed, number):
    codes = random_codes(np.random.default_rng(seed), number)
    differing = np.bitwise_count(codes[:, np.newaxis] ^ codes).sum(axis=2)
    expected = connected_components(differing <= MAX_DIFFERENT_BITS)[1]
    assert partition(near_groups(codes, all_pairs)) == partition(expected)


def test_links_are_merged_on_the_way(monkeypatch):
    codes = random_codes(np.random.default_rng(3), 200)
    at_once = partition(near_groups(codes, all_pairs))
    monkeypatch.setattr(near, "_MAX_LINKS", 5)
    assert partition(near_groups(codes, all_pairs)) == at_once
    assert len(at_once) < 200


def test_pairs_that_are_not_confirmed_stay_apart():
    codes = np.zeros((4, 16), "uint8")
    groups = near_groups(codes, lambda first, second: first + second == 3)
    assert partition(groups) == {frozenset({0, 3}), frozenset({1, 2})}


def test_many_equal_codes_are_compared_with_their_neighbours_alone(monkeypatch):
    monkeypatch.setattr(near, "MAX_NEIGHBOURS", 2)
    pairs = []

    def confirm(first, second):
        pairs.extend(zip(first, second, strict=True))
        return all_pairs(first, second)

    groups = near_groups(np.zeros((30, 16), "uint8"), confirm)
    assert len(set(groups)) == 1
    assert len(pairs) <= 8 * 2 * 30


def test_no_media_have_no_groups():
    assert near_groups(np.zeros((0, 16), "uint8"), all_pairs).shape == (0,)
