import numpy as np
import pytest
import tensorflow as tf

from mmtf.layers import LogMel

SECOND = np.arange(16000) / 16000


def tone(frequency_hz, amplitude=1.0):
    return (amplitude * np.sin(2 * np.pi * frequency_hz * SECOND))[None].astype(
        "float32"
    )


def test_frames_cover_every_sample():
    layer = LogMel(16000, num_mel_bins=8)
    assert layer.num_frames(16000) == 100
    assert layer.num_frames(16001) == 101
    assert layer(np.zeros((2, 1601), "float32")).shape == (2, 11, 8)


def test_silence_and_the_loudest_tone_span_about_minus_one_to_one():
    layer = LogMel(16000)
    np.testing.assert_allclose(layer(0 * tone(1000)), -1, atol=1e-6)
    assert 0.8 < np.max(layer(tone(1000))) < 1.1


def test_ten_times_louder_is_20_decibels():
    layer = LogMel(16000)
    louder = layer(tone(1000)) - layer(tone(1000, amplitude=0.1))
    loudest_band = np.argmax(layer(tone(1000))[0, 10])
    np.testing.assert_allclose(louder[0, 10, loudest_band] * 75, 20, atol=1e-3)


@pytest.mark.parametrize("frequency_hz", [200, 1000, 6000])
def test_tone_is_loudest_in_its_own_band(frequency_hz):
    layer = LogMel(16000, num_mel_bins=64)
    mel = 1127 * np.log(1 + np.array([frequency_hz, 8000]) / 700)
    expected = 65 * mel[0] / mel[1] - 1  # bands are centred on 1/65, 2/65, ...
    band = np.argmax(layer(tone(frequency_hz))[0, 10])
    assert abs(band - expected) <= 1


@pytest.mark.parametrize("sample_rate_hz", [8000, 16000, 48000])
def test_narrowest_band_still_hears_something(sample_rate_hz):
    noise = np.random.default_rng(0).uniform(-1, 1, (1, 8000)).astype("float32")
    assert np.min(LogMel(sample_rate_hz)(noise)[0, :-3]) > -0.5


def test_rows_do_not_depend_on_each_other():
    layer, quiet = LogMel(16000), tone(300, amplitude=1e-3)
    beside = layer(np.concatenate([quiet, tone(300)]))
    np.testing.assert_allclose(beside[:1], layer(quiet), atol=1e-5)


def test_graph_holds_no_operation_of_tensorflow_io():
    layer = LogMel(16000)
    spec = tf.TensorSpec((None, 16000), tf.float32)
    graph = tf.function(lambda x: layer(x)).get_concrete_function(spec).graph
    kinds = {operation.type for operation in graph.get_operations()}
    assert "RFFT" in kinds
    assert not [kind for kind in kinds if kind.startswith("IO>")]
