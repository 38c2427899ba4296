import numpy as np
import pytest
import tensorflow as tf

from pipelines.canonical_wav import is_canonical, read_canonical
from pipelines.media import prepare_audio
from tests.pipelines.media_samples import wav_bytes

SAMPLES = np.random.default_rng(0).uniform(-1, 1, 50)
CANONICAL = wav_bytes(SAMPLES)
OTHERS = {
    "nothing": b"",
    "part of a header": CANONICAL[:20],
    "a header alone": CANONICAL[:44],
    "cut short": CANONICAL[:-2],
    "something behind": CANONICAL + b"LIST",
    "another chunk": CANONICAL[:36] + b"LIST" + CANONICAL[40:],
    "another rate": wav_bytes(SAMPLES, sample_rate_hz=8000),
    "stereo": wav_bytes(np.stack([SAMPLES] * 2, axis=1)),
    "another width": wav_bytes(SAMPLES, subtype="PCM_24"),
    "half a sample": CANONICAL[:40] + b"\x03\x00\x00\x00abc",
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_not_canonical(name):
    assert not is_canonical(tf.constant(OTHERS[name]), 16000)


def test_what_a_build_writes_is_canonical():
    stereo = wav_bytes(np.stack([SAMPLES] * 2, axis=1), sample_rate_hz=8000)
    data = prepare_audio(stereo, sample_rate_hz=16000)
    assert is_canonical(tf.constant(data), 16000)


@pytest.mark.parametrize("num_samples", [20, 50, 80])
def test_samples_are_those_of_the_decoder_in_tf_data(num_samples):
    expected = tf.audio.decode_wav(CANONICAL, desired_samples=num_samples).audio[:, 0]
    ((samples, length),) = tf.data.Dataset.from_tensors(CANONICAL).map(
        lambda data: read_canonical(data, num_samples)
    )
    assert samples.shape == (num_samples,) and int(length) == min(num_samples, 50)
    np.testing.assert_array_equal(samples, expected)
