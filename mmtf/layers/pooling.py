"""Pooling over the valid steps of a sequence.

Legend: B batch, T time steps, D width.
"""

import keras
from keras import ops


class _Pooling(keras.layers.Layer):
    """A layer that ends the sequence, and with it the mask that came along."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs, previous_mask):
        return None


@keras.saving.register_keras_serializable(package="mmtf")
class MaskedMean(_Pooling):
    """Mean over the valid steps; zeros for a row that has none.

    `keras.layers.GlobalAveragePooling1D` gives NaN for such a row.

    Call arguments:
        inputs: float tensor (B, T, D).
        step_mask: bool tensor (B, T).

    Returns:
        Float tensor (B, D).
    """

    def call(self, inputs, step_mask):
        mean = masked_mean(ops.cast(inputs, "float32"), step_mask)
        return ops.cast(mean, self.compute_dtype)

    def compute_output_shape(self, inputs_shape, step_mask_shape=None):
        return (inputs_shape[0], inputs_shape[-1])


@keras.saving.register_keras_serializable(package="mmtf")
class StatisticsPooling(_Pooling):
    """Mean and standard deviation over the valid steps, side by side.

    Args:
        epsilon: added to the variance, so that its root has a gradient at 0.

    Call arguments:
        inputs: float tensor (B, T, D).
        step_mask: bool tensor (B, T).

    Returns:
        Float tensor (B, 2 * D); finite for a row without a valid step.

    Reference:
        Snyder et al. 2018, X-vectors: robust DNN embeddings for speaker
        recognition (the statistics pooling layer).
    """

    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, inputs, step_mask):
        inputs = ops.cast(inputs, "float32")
        mean = masked_mean(inputs, step_mask)
        variance = masked_mean(ops.square(inputs - mean[:, None, :]), step_mask)
        deviation = ops.sqrt(variance + self.epsilon)
        pooled = ops.concatenate([mean, deviation], axis=-1)
        return ops.cast(pooled, self.compute_dtype)

    def compute_output_shape(self, inputs_shape, step_mask_shape=None):
        return (inputs_shape[0], 2 * inputs_shape[-1])

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}


def masked_mean(inputs, step_mask):
    """Mean over the valid steps.

    Args:
        inputs: float tensor (B, T, D), finite everywhere.
        step_mask: bool tensor (B, T).

    Returns:
        Float tensor (B, D), zeros for a row without a valid step.
    """
    weights = ops.cast(step_mask, inputs.dtype)
    count = ops.maximum(ops.sum(weights, axis=1, keepdims=True), 1)  # (B, 1)
    # A product of matrices reads the sequence once and writes only (B, 1, D).
    total = ops.matmul(weights[:, None, :], inputs)
    return ops.squeeze(total, axis=1) / count
