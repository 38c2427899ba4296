import pytest

from pipelines.corruption.keyboard import NEIGHBOURS, NUM_NEIGHBOURS


@pytest.mark.parametrize(
    ("key", "beside"),
    [("a", "qwsz"), ("g", "tyfhvb"), ("p", "0ol"), ("1", "2q"), ("m", "nkj")],
)
def test_keys_beside_each_other(key, beside):
    count = NUM_NEIGHBOURS[ord(key)]
    found = {chr(other) for other in NEIGHBOURS[ord(key), :count]}
    assert found == set(beside)


def test_being_beside_goes_both_ways():
    pairs = {
        (chr(key), chr(other))
        for key in range(128)
        for other in NEIGHBOURS[key, : NUM_NEIGHBOURS[key]]
    }
    assert pairs == {(other, key) for key, other in pairs}
    assert len({key for key, _ in pairs}) == 36
