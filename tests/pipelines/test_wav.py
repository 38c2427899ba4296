import io

import numpy as np
import pytest
import soundfile
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.wav import read_mono
from pipelines.wav_header import MAX_CHUNKS, MAX_RATE_HZ, read_header
from tests.pipelines.media_samples import wav_bytes
from tests.pipelines.wav_files import FLOAT, PCM, chunk, format_chunk, pcm16, riff

SAMPLES = pcm16(16384, -8192, 0)
PLAIN = riff(format_chunk(), chunk(b"data", SAMPLES))

read = tf.function(
    lambda data: (read_header(data), read_mono(data, read_header(data), 2**20)),
    input_signature=[tf.TensorSpec([], tf.string)],
    autograph=False,
)


def samples_of(data):
    header, samples = read(data)
    assert bool(header.valid)
    return samples.numpy().tolist()


def is_valid(data):
    header, samples = read(data)
    assert bool(header.valid) == (tf.size(samples) > 0)
    return bool(header.valid)


@pytest.mark.parametrize("channels", [1, 2, 5])
@pytest.mark.parametrize(
    "subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"]
)
@pytest.mark.parametrize("container", ["WAV", "WAVEX"])
def test_samples_equal_those_of_libsndfile(container, subtype, channels):
    signal = np.random.default_rng(0).uniform(-1, 1, (50, channels))
    file = io.BytesIO()
    soundfile.write(file, signal, 22050, format=container, subtype=subtype)
    header, samples = read(file.getvalue())

    file.seek(0)
    expected = soundfile.read(file, dtype="float32", always_2d=True)[0].mean(axis=1)
    np.testing.assert_array_equal(samples, expected)
    assert header.sample_rate_hz == 22050
    assert header.num_channels == channels


def test_16_bits_equal_those_of_decode_wav_bit_for_bit():
    data = wav_bytes(np.random.default_rng(0).uniform(-1, 1, 999))
    expected = tf.audio.decode_wav(data)[0][:, 0]
    np.testing.assert_array_equal(read(data)[1], expected)


@pytest.mark.parametrize(
    "chunks",
    [
        [chunk(b"JUNK", b"\0" * 28), format_chunk(), chunk(b"data", SAMPLES)],
        [format_chunk(), chunk(b"LIST", b"odd"), chunk(b"data", SAMPLES)],
        [chunk(b"bext", b"x" * 602), format_chunk(), chunk(b"fact", b"1234"),
         chunk(b"data", SAMPLES), chunk(b"id3 ", b"title")],
        [chunk(b"data", SAMPLES), chunk(b"LIST", b"odd"), format_chunk()],
        [format_chunk(), chunk(b"data", SAMPLES), chunk(b"data", b"another")],
        [format_chunk(extensible=True), chunk(b"data", SAMPLES)],
    ],
)  # fmt: skip
def test_chunks_may_come_in_any_order(chunks):
    assert samples_of(riff(*chunks)) == [0.5, -0.25, 0.0]


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0xFFFFFFDB, 0x7FFFFFFF, 0x7FFFF000])
def test_sizes_of_streaming_writers_mean_all_that_follows(size):
    data = riff(format_chunk(), chunk(b"data", SAMPLES + b"\1", size=size)[:-1])

    assert samples_of(data) == [0.5, -0.25, 0.0]
    assert read_header(tf.constant(data)).claimed_seconds == 0


def test_bits_that_do_not_fill_their_bytes_are_the_upper_ones():
    body = format_chunk(bits=12) + chunk(b"data", SAMPLES)
    assert samples_of(riff(body)) == [0.5, -0.25, 0.0]


def test_only_the_frames_asked_for_are_read():
    header = read_header(tf.constant(PLAIN))
    assert read_mono(tf.constant(PLAIN), header, 2).numpy().tolist() == [0.5, -0.25]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"RIFF", b"no audio at all, whatever it may be",
        PLAIN[:-1], PLAIN[:40], PLAIN[4:], b"RIFX" + PLAIN[4:],
        riff(format_chunk()), riff(chunk(b"data", SAMPLES)),
        riff(format_chunk(), chunk(b"data", b"")),
        riff(format_chunk(), chunk(b"data", b"\1")),
        riff(format_chunk(tag=2), chunk(b"data", SAMPLES)),
        riff(format_chunk(tag=FLOAT), chunk(b"data", SAMPLES)),
        riff(format_chunk(bits=0), chunk(b"data", SAMPLES)),
        riff(format_chunk(bits=40), chunk(b"data", SAMPLES)),
        riff(format_chunk(channels=0), chunk(b"data", SAMPLES)),
        riff(format_chunk(rate_hz=0), chunk(b"data", SAMPLES)),
        riff(format_chunk(rate_hz=MAX_RATE_HZ + 1), chunk(b"data", SAMPLES)),
        riff(format_chunk()[:16], chunk(b"data", SAMPLES)),
        riff(format_chunk(extensible=True).replace(b"\x38\x9b", b"\x38\x9c"),
             chunk(b"data", SAMPLES)),
        riff(*[chunk(b"junk", b"")] * MAX_CHUNKS, format_chunk(),
             chunk(b"data", SAMPLES)),
    ],
)  # fmt: skip
def test_broken_files_are_not_valid(data):
    assert not is_valid(data)


def test_a_dataset_reads_them_too():
    rows = tf.data.Dataset.from_tensors(PLAIN).map(read)
    assert next(iter(rows))[1].numpy().tolist() == [0.5, -0.25, 0.0]


# Headers that are nearly right reach further than bytes that are all random.
NUMBERS = st.sampled_from([0, 1, 2, 3, 8, 16, 24, 32, 64, 0xFFFE, 0xFFFF])
SIZES = st.one_of(NUMBERS, st.sampled_from([2**31, 2**32 - 1]))


@st.composite
def nearly_wavs(draw):
    fields = [
        draw(NUMBERS | st.just(PCM)).to_bytes(2, "little"),
        draw(NUMBERS).to_bytes(2, "little"),
        draw(SIZES).to_bytes(4, "little"),
        bytes(4),
        draw(NUMBERS).to_bytes(2, "little"),
        draw(NUMBERS).to_bytes(2, "little"),
    ]
    chunks = [
        chunk(b"fmt ", b"".join(fields)),
        chunk(b"data", draw(st.binary(max_size=40)), size=draw(SIZES)),
        chunk(draw(st.binary(min_size=4, max_size=4)), draw(st.binary(max_size=5))),
    ]
    data = riff(*draw(st.permutations(chunks)))
    return data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data


@settings(deadline=None, max_examples=200)
@given(st.one_of(st.binary(max_size=80), nearly_wavs()))
def test_no_bytes_raise(data):
    header, samples = read(data)

    assert bool(header.valid) == (tf.size(samples) > 0)
    assert header.sample_rate_hz >= 1
