import keras
import numpy as np
import pytest
import tensorflow as tf

from mmtf.config import AudioConfig
from mmtf.encoders.audio import conv_tasnet, crnn
from tests.mmtf.check_layer import randomise

ENCODERS = {"conv_tasnet": conv_tasnet, "crnn": crnn}
LENGTHS = np.array([810, 809, 500, 405, 81, 2, 0], "int32")


def tiny(encoder, seconds=0.81):
    """An encoder of 810 samples with random weights, the same whatever its length."""
    config = AudioConfig(
        encoder=encoder, sample_rate_hz=1000, seconds=seconds, num_filters=6,
        kernel_size=8, bottleneck_dim=4, hidden_dim=6, num_blocks=3, num_repeats=2,
        num_mel_bins=8, filters=(3, 4),
    )  # fmt: skip
    model = ENCODERS[encoder](config)
    randomise(model)
    return model


def waveforms(num_samples=810, beyond=0.0):
    rng = np.random.default_rng(0)
    content = np.zeros((len(LENGTHS), num_samples), "float32")
    content[:, :810] = rng.uniform(-1, 1, (len(LENGTHS), 810))
    valid = np.arange(num_samples) < LENGTHS[:, None]
    return {
        "waveform": np.where(valid, content, beyond).astype("float32"),
        "waveform_length": LENGTHS,
    }


@pytest.mark.parametrize(("encoder", "width"), [("conv_tasnet", 12), ("crnn", 6)])
def test_feature_width(encoder, width):
    assert tiny(encoder)(waveforms()).shape == (len(LENGTHS), width)


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("garbage", [1.0, 1e6, np.inf, np.nan])
def test_what_padding_holds_has_no_effect(encoder, garbage):
    model = tiny(encoder)
    before, after = model(waveforms()), model(waveforms(beyond=garbage))
    assert np.isfinite(before).all()
    np.testing.assert_allclose(before, after, atol=1e-5)


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("num_samples", [811, 815, 830, 1234, 1600])
def test_amount_of_padding_has_no_effect(encoder, num_samples):
    longer = tiny(encoder, seconds=num_samples / 1000)
    before, after = tiny(encoder)(waveforms()), longer(waveforms(num_samples))
    np.testing.assert_allclose(before, after, atol=1e-5)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_every_valid_sample_has_an_effect(encoder):
    model, batch = tiny(encoder), waveforms()
    before = model(batch)
    last = np.maximum(LENGTHS - 1, 0)
    batch["waveform"][np.arange(len(LENGTHS)), last] += 0.5
    moved = np.abs(before - model(batch)).max(axis=1) > 1e-6
    np.testing.assert_array_equal(moved, LENGTHS > 0)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_silent_and_empty_rows_have_finite_gradients(encoder):
    config = AudioConfig(
        encoder=encoder, sample_rate_hz=1000, seconds=0.2, num_filters=6,
        kernel_size=8, bottleneck_dim=4, hidden_dim=6, filters=(3, 4),
    )  # fmt: skip
    model = ENCODERS[encoder](config)
    batch = {
        "waveform": np.zeros((2, 200), "float32"),
        "waveform_length": np.array([200, 0], "int32"),
    }
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(batch) ** 2)
    weights = [weight.value for weight in model.trainable_weights]
    for gradient in tape.gradient(loss, weights):
        assert np.isfinite(gradient).all()


def test_conv_tasnet_has_the_blocks_of_the_paper():
    blocks = [x for x in tiny("conv_tasnet").layers if hasattr(x, "dilation")]
    assert [block.dilation for block in blocks] == [1, 2, 4, 1, 2, 4]


@pytest.mark.parametrize("encoder", ENCODERS)
def test_16_bit_answers_are_finite_and_near(encoder):
    model = tiny(encoder)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        half = tiny(encoder)
    finally:
        keras.config.set_dtype_policy(policy)
    assert half.output.dtype == "bfloat16"
    np.testing.assert_allclose(
        tf.cast(half(waveforms()), "float32"), model(waveforms()), rtol=0.2, atol=0.2
    )
