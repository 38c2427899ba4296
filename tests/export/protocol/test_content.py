import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.protocol.content import decode_numbers, decode_strings, encode_strings


def test_lengths_come_first_then_the_strings():
    assert encode_strings([b"abc", b"", b"x"]) == b"\x03\x00\x01abcx"
    assert encode_strings([b"y" * 300])[:3] == b"\xac\x02y"


@given(st.lists(st.binary(max_size=200)))
def test_strings_survive_both_ways(strings):
    assert decode_strings(encode_strings(strings), len(strings)) == strings


@pytest.mark.parametrize(
    ("data", "count", "message"),
    [
        (b"\x01", 1, "1 bytes after the lengths.* Received: 0"),
        (b"\x01ab", 1, "Received: 2 bytes"),
        (b"\x01a", 2, "98 bytes after the lengths.* Received: 0"),
        (b"\x01\x80", 2, "a length for each"),
        (b"\xff\xff\xff\xff\xff\xff\x01a", 1, "a length for each"),
    ],
)
def test_lengths_that_do_not_fit_are_refused(data, count, message):
    with pytest.raises(ValueError, match=message):
        decode_strings(data, count)


def test_numbers_are_little_endian():
    assert decode_numbers(b"\x01\x00\x02\x00", np.dtype("int16"), 2).tolist() == [1, 2]
    assert decode_numbers(b"\x00\x01", np.dtype(bool), 2).tolist() == [False, True]


@pytest.mark.parametrize("data", [b"\x02\x00", b"\x01\xff\x01"])
def test_a_bool_is_0_or_1(data):
    with pytest.raises(ValueError, match="bytes of 0 and 1 alone"):
        decode_numbers(data, np.dtype(bool), len(data))


def test_the_arrays_may_be_written_to():
    array = decode_numbers(b"\x01\x00", np.dtype("int16"), 1)
    array[0] = 5
    assert array.tolist() == [5]


def test_too_few_numbers_are_refused():
    with pytest.raises(ValueError, match="hold 2 values of 4 bytes. Received: 7 bytes"):
        decode_numbers(b"1234567", np.dtype("float32"), 2)
