import tensorflow as tf

from pipelines.binary import bytes_at, int32_at, uint8_at, uint16_at, uint32_at

DATA = tf.constant([b"abcdef", b"\xff\xfe", b""])


def test_a_part_ends_where_the_string_does():
    assert bytes_at(DATA, 1, 3).numpy().tolist() == [b"bcd", b"\xfe", b""]
    assert bytes_at(DATA[0], 2, 2).numpy() == b"cd"


def test_each_string_may_start_elsewhere():
    starts = tf.constant([4, 0, 9], tf.int64)
    assert bytes_at(DATA, starts, 2).numpy().tolist() == [b"ef", b"\xff\xfe", b""]


def test_numbers_are_little_endian_and_zero_beyond_the_end():
    assert uint8_at(DATA, 1, 2).numpy().tolist() == [[98, 99], [254, 0], [0, 0]]
    assert uint16_at(DATA, 0, 2).numpy().tolist() == [
        [0x6261, 0x6463], [0xFEFF, 0], [0, 0],
    ]  # fmt: skip


def test_32_bits_with_and_without_a_sign():
    data = tf.constant(b"\x01\x00\x00\x80\xff\xff\xff\xff")
    assert uint32_at(data, 0, 2).numpy().tolist() == [2**31 + 1, 2**32 - 1]
    assert int32_at(data, 0, 2).numpy().tolist() == [1 - 2**31, -1]
