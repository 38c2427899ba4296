import numpy as np
import pytest
import tensorflow as tf

from pipelines.audio import decode_audio
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
