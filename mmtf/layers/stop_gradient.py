"""The end of the way back through a model."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="mmtf")
class StopGradient(keras.layers.Layer):
    """Hands its input on; in training, no gradient passes it.

    That a layer is not trainable only keeps its weights out of the optimizer: the
    way back through it is still traced (seen in Keras 3.15.1). Outside training
    gradients do pass, for explanations follow them to the input.

    Call arguments:
        inputs: tensor of any shape.

    Returns:
        The same tensor.
    """

    def call(self, inputs, training=False):
        return ops.stop_gradient(inputs) if training else inputs

    def compute_output_shape(self, inputs_shape):
        return inputs_shape
