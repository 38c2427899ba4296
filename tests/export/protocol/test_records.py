import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from export.protocol.records import read_records


def write(path, records):
    with tf.io.TFRecordWriter(str(path)) as writer:
        for record in records:
            writer.write(record)
    return str(path)


@settings(max_examples=30, deadline=None)
@given(records=st.lists(st.binary(max_size=200)))
def test_what_tensorflow_wrote_is_read(tmp_path_factory, records):
    path = write(tmp_path_factory.mktemp("records") / "file", records)

    assert list(read_records(path)) == records


@pytest.mark.parametrize("position", range(0, 12 + 5 + 4))
def test_a_changed_byte_is_noticed(tmp_path, position):
    path = write(tmp_path / "file", [b"first"])
    data = bytearray((tmp_path / "file").read_bytes())
    data[position] ^= 1
    (tmp_path / "file").write_bytes(data)

    with pytest.raises(ValueError, match="match its checksum. The one at byte 0"):
        list(read_records(path))


@pytest.mark.parametrize("left_out", range(1, 12 + 6 + 4))
def test_a_file_cut_short_is_noticed_after_its_whole_records(tmp_path, left_out):
    path = write(tmp_path / "file", [b"first", b"second"])
    data = (tmp_path / "file").read_bytes()
    (tmp_path / "file").write_bytes(data[:-left_out])
    records = read_records(path)

    assert next(records) == b"first"
    with pytest.raises(ValueError, match="cut short"):
        next(records)


def test_a_lying_length_takes_no_memory(tmp_path):
    length = (2**60).to_bytes(8, "little")
    # Its masked CRC, computed by hand, is right.
    (tmp_path / "file").write_bytes(length + checksum(length) + b"data")

    with pytest.raises(ValueError, match="cut short"):
        list(read_records(str(tmp_path / "file")))


def checksum(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF).to_bytes(4, "little")
