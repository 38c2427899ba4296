"""Global layer normalisation of sequences.

Legend: B batch, T time steps, D width.
"""

import keras
from keras import ops

from mmtf.layers.pooling import masked_mean


@keras.saving.register_keras_serializable(package="mmtf")
class GlobalLayerNorm(keras.layers.Layer):
    """Normalises a sequence by one mean and one variance over time and width.

    Only valid steps count. Statistics are float32 whatever the compute dtype.

    Args:
        epsilon: added to the variance.

    Call arguments:
        inputs: float tensor (B, T, D), finite everywhere.
        step_mask: bool tensor (B, T).

    Returns:
        Float tensor (B, T, D), zero at the steps that are not valid.

    Reference:
        Luo and Mesgarani 2019, Conv-TasNet, https://arxiv.org/abs/1809.07454,
        section II-D (gLN, for non-causal models).
    """

    def __init__(self, epsilon=1e-8, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, inputs_shape, step_mask_shape=None):
        shape = (inputs_shape[-1],)
        self.gamma = self.add_weight(
            name="gamma", shape=shape, initializer="ones", autocast=False
        )
        self.beta = self.add_weight(
            name="beta", shape=shape, initializer="zeros", autocast=False
        )

    def call(self, inputs, step_mask):
        inputs = ops.cast(inputs, "float32")
        mean, scale = self.moments(inputs, step_mask)
        scale = scale * self.gamma
        outputs = inputs * scale + (self.beta - mean * scale)
        outputs = outputs * ops.cast(step_mask, outputs.dtype)[..., None]
        return ops.cast(outputs, self.compute_dtype)

    def moments(self, inputs, step_mask):
        """The mean, and 1 / the standard deviation, each float32 (B, 1, 1)."""
        inputs = ops.cast(inputs, "float32")
        mean = _mean_over_steps_and_width(inputs, step_mask)
        square = _mean_over_steps_and_width(ops.square(inputs), step_mask)
        return mean, inverse_deviation(mean, square, self.epsilon)

    def compute_output_shape(self, inputs_shape, step_mask_shape=None):
        return inputs_shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}


def _mean_over_steps_and_width(inputs, step_mask):
    return ops.mean(masked_mean(inputs, step_mask), axis=-1)[:, None, None]


def inverse_deviation(mean, square, epsilon):
    """1 / sqrt(E[x^2] - E[x]^2), and 0 for what does not vary."""
    # One pass over the sequence; rounding may take the difference below zero.
    variance = ops.maximum(square - ops.square(mean), 0)
    # Digital silence has no variance at all: 1 / sqrt(epsilon), in one layer after
    # another, would multiply its gradients to infinity.
    return ops.where(variance > 0, ops.rsqrt(variance + epsilon), 0)
