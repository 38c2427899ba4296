"""Global layer normalisation of one waveform, as part of the product behind it.

Legend: T valid frames, F frames with the padding behind them, H and D widths.
"""

import numpy as np
import tensorflow as tf

from mmtf.layers import GlobalLayerNorm
from mmtf.layers.global_layer_norm import inverse_deviation
from mmtf.layers.separable_core import Moments


def moments(frames: tf.Tensor, num_frames: tf.Tensor, epsilon: float) -> Moments:
    """Of all frames, in two passes that only read; two scalars.

    Args:
        frames: float32 tensor (F, H), zeros behind the valid frames if it has more.
        num_frames: T, an int32 scalar.
        epsilon: added to the variance.
    """
    count = tf.cast(num_frames * frames.shape[-1], tf.float32)
    mean = tf.reduce_sum(frames) / count
    # tf.reduce_sum(tf.square(frames)) would write the squares.
    square = 2 * tf.nn.l2_loss(frames) / count
    return Moments(mean, inverse_deviation(mean, square, epsilon))


class NormedDense(tf.Module):
    """A norm and the product behind it, as one product.

    Args:
        norm: of width H.
        kernel: array (H, D).
        bias: array (D,).
    """

    def __init__(self, norm: GlobalLayerNorm, kernel, bias):
        super().__init__()
        gamma, beta = doubles(norm.gamma, norm.beta)
        kernel, bias = doubles(kernel, bias)
        self._kernel = constant(gamma[:, None] * kernel)
        self._kernel_sum = constant(gamma @ kernel)
        self._bias = constant(bias + beta @ kernel)

    def __call__(self, frames: tf.Tensor, moments: Moments) -> tf.Tensor:
        """Float32 (F, D) of the norm's input (F, H) and its moments."""
        bias = self._bias - moments.mean * moments.scale * self._kernel_sum
        # Scaled in the kernel, which is far smaller than the frames.
        return tf.nn.bias_add(tf.matmul(frames, self._kernel * moments.scale), bias)


def doubles(*weights) -> list[np.ndarray]:
    """Weights as arrays in which what is folded is not rounded."""
    return [np.asarray(weight).astype("float64") for weight in weights]


def constant(values: np.ndarray) -> tf.Variable:
    """Numbers that are stored once, beside the graph."""
    return tf.Variable(values.astype("float32"), trainable=False)
