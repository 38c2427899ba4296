import keras
import numpy as np
import pytest
import tensorflow as tf

from mmtf.layers import SeparableBlock
from tests.mmtf.check_layer import randomise

rng = np.random.default_rng(0)
LENGTHS = np.array([21, 9, 0])
FRAME_MASK = np.arange(21) < LENGTHS[:, None]
SEQUENCE = rng.normal(size=(3, 21, 3)).astype("float32")
# As of what reads the valid frames alone.
WEIGHTS = rng.normal(size=(2, 3, 21, 3)) * FRAME_MASK[None, ..., None]


def built(**arguments):
    block = SeparableBlock(4, **arguments)
    block.build((None, 21, 3), (None, 21))
    randomise(block)
    return block


def outputs_and_gradients(block, *, training):
    inputs = tf.constant(SEQUENCE, block.compute_dtype)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = block(inputs, FRAME_MASK, training=training)
        loss = sum(
            tf.reduce_sum(tf.cast(output, "float32") * weights)
            for output, weights in zip(outputs, WEIGHTS.astype("float32"), strict=True)
        )
    variables = [weight.value for weight in block.trainable_weights]
    return outputs, tape.gradient(loss, [inputs, *variables])


def compare(block, *, atol, rtol):
    outputs, gradients = outputs_and_gradients(block, training=True)
    plain_outputs, plain_gradients = outputs_and_gradients(block, training=False)
    for output, plain in zip(outputs, plain_outputs, strict=True):
        np.testing.assert_allclose(output[FRAME_MASK], plain[FRAME_MASK], atol=atol)
    for gradient, plain in zip(gradients, plain_gradients, strict=True):
        scale = np.abs(plain).max()
        np.testing.assert_allclose(gradient, plain, atol=rtol * scale, rtol=0)


@pytest.mark.parametrize("rematerialize", [False, True])
@pytest.mark.parametrize(
    ("kernel_size", "dilation"), [(3, 1), (3, 2), (3, 16), (2, 3), (5, 4), (1, 1)]
)
def test_equals_the_plain_block(kernel_size, dilation, rematerialize):
    block = built(
        kernel_size=kernel_size, dilation=dilation, rematerialize=rematerialize
    )
    compare(block, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("slope", [0.0, -0.5, 1.5])
def test_slopes_of_any_size_have_their_gradient(slope):
    block = built(dilation=2)
    block.expand_activation.alpha.assign([[slope]])
    block.depthwise_activation.alpha.assign([[slope]])
    compare(block, atol=1e-5, rtol=1e-4)


def test_16_bit_gradients_are_near():
    compare(built(dilation=2, dtype="mixed_bfloat16"), atol=0.2, rtol=0.1)


def test_silence_has_finite_gradients():
    block = built()
    inputs = tf.zeros((1, 21, 3))
    block.expand.bias.assign(tf.zeros(4))
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs, _ = block(inputs, FRAME_MASK[:1], training=True)
    assert np.isfinite(tape.gradient(outputs, inputs)).all()


@pytest.mark.parametrize("rematerialize", [False, True])
def test_the_gradient_computes_again_what_is_not_kept(rematerialize):
    block = built(rematerialize=rematerialize)

    @tf.function
    def step(inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs, _ = block(inputs, FRAME_MASK, training=True)
        return tape.gradient(outputs, inputs)

    graph = step.get_concrete_function(tf.TensorSpec((3, 21, 3))).graph
    (hidden,) = [
        op.outputs[0]
        for op in graph.get_operations()
        if op.type == "Reshape"
        and op.outputs[0].shape[2:] == [4]
        and "again" not in op.name
    ][:1]
    readers = [op for op in hidden.consumers() if "Call" in op.type]
    assert len(readers) == (1 if rematerialize else 3)


@pytest.mark.parametrize("training", [False, True])
def test_the_same_inside_xla(training):
    block = built(dilation=2)
    compiled = tf.function(
        lambda x: block(x, FRAME_MASK, training=training), jit_compile=True
    )
    plain = block(SEQUENCE, FRAME_MASK)
    for output, expected in zip(compiled(SEQUENCE), plain, strict=True):
        np.testing.assert_allclose(output[FRAME_MASK], expected[FRAME_MASK], atol=1e-5)


def test_trains_under_a_strategy_with_two_replicas():
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    with strategy.scope():
        sequence = keras.Input((21, 3))
        frame_mask = keras.Input((21,), dtype="bool")
        outputs = sum(SeparableBlock(4, dilation=2)(sequence, frame_mask))
        model = keras.Model([sequence, frame_mask], outputs)
        model.compile("sgd", "mse")
    before = model.evaluate([SEQUENCE, FRAME_MASK], SEQUENCE, verbose=0)
    model.fit([SEQUENCE, FRAME_MASK], SEQUENCE, epochs=3, verbose=0)
    assert model.evaluate([SEQUENCE, FRAME_MASK], SEQUENCE, verbose=0) < before
