import numpy as np
import pytest
import tensorflow as tf

from pipelines.audio import decode_any_rate, decode_audio
from pipelines.media import prepare_audio
from pipelines.wav_header import read_header
from tests.pipelines.media_samples import wav_bytes


def decode(data, num_samples=6):
    return decode_audio(data, num_samples=num_samples, sample_rate_hz=16000)


def test_a_short_waveform_is_padded_with_zeros():
    waveform, length = decode(tf.constant(wav_bytes([0.5, -0.25])))
    np.testing.assert_allclose(waveform, [0.5, -0.25, 0, 0, 0, 0], atol=1e-4)
    assert int(length) == 2


def test_a_long_waveform_is_cut():
    waveform, length = decode(tf.constant(wav_bytes(np.full(20, 0.5))))
    np.testing.assert_allclose(waveform, np.full(6, 0.5), atol=1e-4)
    assert int(length) == 6


def test_stereo_is_mixed():
    waveform, _ = decode(tf.constant(wav_bytes([[0.5, 0.0], [0.5, 0.25]])))
    np.testing.assert_allclose(waveform[:2], [0.25, 0.375], atol=1e-4)


def test_absent_audio_is_zeros_of_length_0_in_tf_data():
    data = [b"", wav_bytes([0.5])]
    dataset = tf.data.Dataset.from_tensor_slices(data).map(decode)
    lengths = [int(length) for _, length in dataset]
    waveforms = [waveform.numpy() for waveform, _ in dataset]
    assert lengths == [0, 1]
    np.testing.assert_array_equal(waveforms[0], np.zeros(6))


def test_another_rate_is_refused_by_name():
    data = tf.constant(wav_bytes([0.5], sample_rate_hz=8000))
    with pytest.raises(tf.errors.InvalidArgumentError, match="WAV at 16000 Hz"):
        decode(data)


any_rate = tf.function(
    lambda data: decode_any_rate(
        data, read_header(data), num_samples=8000, sample_rate_hz=16000
    ),
    input_signature=[tf.TensorSpec([None], tf.string)],
    autograph=False,
)


def speech(rate_hz, seconds=0.4, channels=1):
    """Something that fades in and out, float (T, channels)."""
    time = np.arange(int(rate_hz * seconds)) / rate_hz
    fade = np.sin(np.pi * time / seconds) ** 2
    tones = [np.sin(2 * np.pi * 300 * (n + 1) * time) for n in range(channels)]
    return 0.9 * (fade * tones).T


def test_16_bits_at_the_models_rate_are_what_training_saw():
    data = wav_bytes(np.random.default_rng(0).uniform(-1, 1, 9000))
    waveform, length, sound = any_rate([data])

    trained, trained_length = decode(tf.constant(data), 8000)
    np.testing.assert_array_equal(waveform[0], trained)
    assert (int(length[0]), bool(sound[0])) == (int(trained_length), True)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_other_widths_and_channels_are_what_a_shard_would_hold(subtype):
    data = wav_bytes(speech(16000, channels=2), subtype=subtype)
    waveform, length, _ = any_rate([data])

    shard = prepare_audio(data, sample_rate_hz=16000)
    expected, expected_length = decode(tf.constant(shard), 8000)
    np.testing.assert_array_equal(waveform[0], expected)
    assert int(length[0]) == int(expected_length)


@pytest.mark.parametrize("rate_hz", [8000, 11025, 22050, 37800, 44100, 48000])
def test_other_rates_are_nearly_what_a_shard_would_hold(rate_hz):
    data = wav_bytes(speech(rate_hz), sample_rate_hz=rate_hz)
    waveform, length, _ = any_rate([data])

    shard = prepare_audio(data, sample_rate_hz=16000)
    expected, expected_length = decode(tf.constant(shard), 8000)
    np.testing.assert_allclose(waveform[0], expected, atol=1e-3)
    assert int(length[0]) == int(expected_length)


def test_a_window_of_a_long_file_is_that_of_the_whole():
    signal = np.random.default_rng(0).uniform(-0.5, 0.5, 48000 * 3)
    long, short = (
        any_rate([wav_bytes(part, sample_rate_hz=48000)])[0]
        for part in (signal, signal[: 48000 * 3 // 4])
    )
    np.testing.assert_array_equal(long, short)


def test_loud_floats_are_clipped_as_in_shards():
    data = wav_bytes([2.0, -2.0, 1.0, 0.5], subtype="FLOAT")
    waveform = any_rate([data])[0][0, :4]
    assert waveform.numpy().tolist() == [32767 / 32768, -1.0, 32767 / 32768, 0.5]


@pytest.mark.parametrize(
    "data",
    [b"", b"no audio", wav_bytes([0.5, np.nan], subtype="FLOAT"),
     wav_bytes([np.inf], subtype="DOUBLE"), wav_bytes([0.5], sample_rate_hz=48000)],
    # Float files hold the time at which they were written.
    ids=["empty", "text", "not a number", "infinite", "too short"],
)  # fmt: skip
def test_what_is_no_audio_is_silence_of_length_0(data):
    waveform, length, sound = any_rate([wav_bytes([0.5]), data])

    assert (sound.numpy().tolist(), length.numpy().tolist()) == ([True, False], [1, 0])
    np.testing.assert_array_equal(waveform[1], np.zeros(8000))


def test_eagerly_as_in_a_graph():
    data = tf.constant([wav_bytes(speech(44100), sample_rate_hz=44100), b""])
    eager = decode_any_rate(
        data, read_header(data), num_samples=8000, sample_rate_hz=16000
    )
    for received, expected in zip(eager, any_rate(data), strict=True):
        np.testing.assert_allclose(received, expected, atol=1 / 32768)
