import keras
import pytest
import tensorflow as tf

from mmtf.layers import StopGradient


@pytest.mark.parametrize("wrap", [lambda f: f, tf.function], ids=["eager", "graph"])
@pytest.mark.parametrize(("training", "expected"), [(True, None), (False, 6.0)])
def test_gradients_pass_but_in_training(wrap, training, expected):
    layer, x = StopGradient(), tf.constant([3.0])

    @wrap
    def differentiate():
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = keras.ops.square(layer(x, training=training))
        gradient = tape.gradient(y, x)
        return y, tf.constant([0.0]) if gradient is None else gradient

    value, gradient = differentiate()
    assert value == 9.0
    assert gradient == (expected or 0.0)
