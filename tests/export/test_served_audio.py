from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from export.served_audio import ServedConvTasNet, serve_waveforms_apart
from mmtf.config import AudioConfig
from mmtf.encoders.audio import conv_tasnet, crnn
from tests.mmtf.check_layer import randomise

CONFIG = AudioConfig(
    sample_rate_hz=1000, seconds=0.81, num_filters=6, kernel_size=8, bottleneck_dim=4,
    hidden_dim=6, num_blocks=3, num_repeats=2,
)  # fmt: skip
LENGTHS = np.array([810, 809, 500, 0, 405, 81, 17, 8, 1], "int32")


def model_of(encoder):
    """A model that has the encoder among its layers."""
    inputs = {
        name: keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=name)
        for name, tensor in encoder.input.items()
    }
    return keras.Model(inputs, encoder(inputs))


def built(**arguments):
    encoder = conv_tasnet(replace(CONFIG, **arguments))
    randomise(encoder)
    return model_of(encoder)


def batch(beyond=0.0, lengths=LENGTHS):
    rng = np.random.default_rng(0)
    content = rng.uniform(-1, 1, (len(lengths), 810)).astype("float32")
    valid = np.arange(810) < lengths[:, None]
    waveform = np.where(valid, content, np.float32(beyond))
    return {"waveform": tf.constant(waveform), "waveform_length": tf.constant(lengths)}


@pytest.mark.parametrize(("num_taps", "num_blocks"), [(1, 1), (3, 8), (5, 7)])
def test_answers_stay_for_waveforms_of_all_lengths(num_taps, num_blocks):
    model = built(block_kernel_size=num_taps, num_blocks=num_blocks)
    served, expected = serve_waveforms_apart(model), model(batch(), training=False)
    for call in (served, tf.function(served)):
        np.testing.assert_allclose(call(batch()), expected, atol=1e-5)


@pytest.mark.parametrize("slope", [-0.7, 0.0, 0.3, 1.0, 1.6])
def test_slopes_of_any_size(slope):
    model = built()
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.PReLU):
            layer.alpha.assign(tf.fill(layer.alpha.shape, slope))
    served = tf.function(serve_waveforms_apart(model))
    np.testing.assert_allclose(served(batch()), model(batch()), rtol=1e-5, atol=1e-5)


def test_silence_and_a_norm_without_scale():
    model = built()
    (encoder,) = [part for part in model.layers if isinstance(part, keras.Model)]
    for layer in encoder.layers:
        if hasattr(layer, "expand_norm"):
            layer.expand_norm.gamma.assign([0.0] * 6)
    inputs = batch()
    served = serve_waveforms_apart(model)
    for waveform in (inputs["waveform"], 0 * inputs["waveform"]):
        inputs["waveform"] = waveform
        np.testing.assert_allclose(served(inputs), model(inputs), atol=1e-5)


@pytest.mark.parametrize("garbage", [1e6, np.inf, np.nan])
def test_what_padding_holds_has_no_effect(garbage):
    served = serve_waveforms_apart(built())
    np.testing.assert_array_equal(served(batch(garbage)), served(batch()))


@pytest.mark.parametrize("lengths", [[0, 0], [-3, 810], [810, 10**6]])
def test_lengths_that_no_waveform_has(lengths):
    model, inputs = built(), batch(lengths=np.array(lengths, "int32"))
    received = serve_waveforms_apart(model)(inputs)
    np.testing.assert_allclose(received, model(inputs), atol=1e-5)


def test_other_rows_change_nothing_at_all():
    served, inputs = tf.function(serve_waveforms_apart(built())), batch()
    together = served(inputs)
    for row in range(len(LENGTHS)):
        alone = {name: tensor[row : row + 1] for name, tensor in inputs.items()}
        np.testing.assert_array_equal(served(alone)[0], together[row])


def test_the_model_itself_stays():
    model = built()
    before, expected = model.get_weights(), model(batch())
    layers = [layer.name for layer in model.layers]
    served = serve_waveforms_apart(model)
    assert any(isinstance(layer, ServedConvTasNet) for layer in served.layers)
    assert [layer.name for layer in model.layers] == layers
    np.testing.assert_array_equal(model(batch()), expected)
    for weight, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)


@pytest.mark.parametrize(
    "encoder",
    [
        lambda: crnn(replace(CONFIG, num_mel_bins=8, filters=(3, 4))),
        lambda: conv_tasnet(replace(CONFIG, block_kernel_size=2)),
    ],
)
def test_other_encoders_stay(encoder):
    model = model_of(encoder())
    assert serve_waveforms_apart(model) is model


def test_what_computes_in_16_bits_stays():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = built()
    finally:
        keras.config.set_dtype_policy(policy)
    assert serve_waveforms_apart(model) is model
