import numpy as np
import pytest
import tensorflow as tf

from mmtf.layers import GlobalLayerNorm
from tests.mmtf.check_layer import randomise

rng = np.random.default_rng(0)
SEQUENCE = rng.normal(3, 2, (2, 6, 4)).astype("float32")
STEP_MASK = np.arange(6) < np.array([[6], [2]])


def built(**arguments):
    layer = GlobalLayerNorm(**arguments)
    layer.build((None, 6, 4), (None, 6))
    randomise(layer)
    return layer


def test_equals_the_definition_over_valid_steps():
    layer = built(epsilon=0.1)
    outputs = layer(SEQUENCE, STEP_MASK).numpy()
    for row, steps in ((0, 6), (1, 2)):
        valid = SEQUENCE[row, :steps]
        expected = (valid - valid.mean()) / np.sqrt(valid.var() + 0.1)
        expected = expected * layer.gamma.numpy() + layer.beta.numpy()
        np.testing.assert_allclose(outputs[row, :steps], expected, atol=1e-5)


def test_steps_that_are_not_valid_become_zero():
    outputs = built()(SEQUENCE, STEP_MASK).numpy()
    assert not outputs[1, 2:].any()
    assert outputs[1, :2].all()


@pytest.mark.parametrize("offset", [1e-5, 1e3])
def test_quiet_and_loud_signals_come_out_alike(offset):
    scaled = built(epsilon=1e-12)(SEQUENCE * offset, STEP_MASK)
    np.testing.assert_allclose(scaled, built()(SEQUENCE, STEP_MASK), atol=1e-2)


def test_16_bit_statistics_do_not_overflow():
    loud = np.full((1, 6, 4), 300.0, "float32")
    loud[:, ::2] = -300
    outputs = built(dtype="mixed_float16")(loud, STEP_MASK[:1])
    assert outputs.dtype == "float16"
    np.testing.assert_allclose(
        outputs, built()(loud, STEP_MASK[:1]), rtol=1e-2, atol=1e-2
    )


def test_silence_has_finite_gradients_through_many_norms():
    sequence = tf.zeros((1, 6, 4))
    norms = [GlobalLayerNorm() for _ in range(20)]
    with tf.GradientTape() as tape:
        tape.watch(sequence)
        x = sequence
        for norm in norms:
            x = norm(x, STEP_MASK[:1])
        loss = tf.reduce_sum(x * SEQUENCE[:1])
    assert np.isfinite(tape.gradient(loss, sequence)).all()
