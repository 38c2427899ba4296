import tensorflow as tf

from pipelines.wav_header import INT16, read_header
from tests.pipelines.wav_files import chunk, format_chunk, pcm16, riff

SAMPLES = pcm16(16384, -8192, 0)
PLAIN = riff(format_chunk(), chunk(b"data", SAMPLES))


def test_the_header_of_a_plain_file():
    header = read_header(tf.constant(PLAIN))

    assert {key: value.numpy() for key, value in header._asdict().items()} == {
        "valid": True, "sample_rate_hz": 16000, "num_frames": 3, "num_channels": 1,
        "claimed_seconds": 3 / 16000, "frame_bytes": 2, "encoding": INT16, "start": 44,
    }  # fmt: skip


def test_a_claim_is_told_from_what_there_is():
    ten_hours = 36000 * 16000 * 2
    data = riff(format_chunk(), chunk(b"data", SAMPLES, size=ten_hours))

    header = read_header(tf.constant(data))
    assert (bool(header.valid), header.claimed_seconds) == (False, 36000)


def test_rows_are_read_together_as_alone():
    rows = [PLAIN, b"", riff(chunk(b"LIST", b"odd"), PLAIN[12:]), PLAIN[:-2]]

    together = read_header(tf.constant(rows))

    for index, row in enumerate(rows):
        alone = read_header(tf.constant(row))
        assert [v[index].numpy() for v in together] == [v.numpy() for v in alone]


def test_a_size_that_was_left_open_is_no_claim():
    data = riff(format_chunk(), chunk(b"data", SAMPLES, size=0xFFFFFFFF))
    header = read_header(tf.constant(data))
    assert (header.num_frames, header.claimed_seconds) == (3, 0)
