"""Conv-TasNet's block as a server computes it: of one waveform, with constant slopes.

Legend: T valid frames, F frames with the padding behind them, D width between blocks,
H width inside a block, P taps.
"""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from export.served_norm import NormedDense, constant, doubles, moments
from mmtf.layers import SeparableBlock
from mmtf.layers.long_sequences import tap_offsets


class Edges(NamedTuple):
    """Where a tap of a dilated convolution reads beyond the valid frames.

    Attributes:
        frames: which they are, int32 (E, 1); one that lacks two taps is there twice.
        taps: which tap each lacks, int32 (E,).
    """

    frames: tf.Tensor
    taps: tf.Tensor


class ServedBlock(tf.Module):
    """A `SeparableBlock` that passes over memory less often.

    A product, its bias and its PReLU are one operation of TensorFlow's CPU kernels
    once the slope is a constant, and so are a product, its bias and the sum it is added
    to. With one waveform, a norm is a scale and a shift for each channel, which the
    weights behind it take.

    Args:
        block: a built one of float32, with an odd number of taps.
    """

    def __init__(self, block: SeparableBlock):
        super().__init__()
        self.dilation = block.dilation
        self._kernel = constant(*doubles(block.expand.kernel))
        self._bias = constant(*doubles(block.expand.bias))
        self._slope = slope(block.expand_activation)
        self._fold_first_norm(block.expand_norm, block.depthwise)
        self._depthwise_slope = slope(block.depthwise_activation)
        self._epsilons = block.expand_norm.epsilon, block.depthwise_norm.epsilon
        contract = block.residual_and_skip
        kernels, biases = (np.split(w, 2, axis=-1) for w in doubles(*contract.weights))
        self._residual, self._skip = (
            NormedDense(block.depthwise_norm, kernel, bias)
            for kernel, bias in zip(kernels, biases, strict=True)
        )

    def _fold_first_norm(self, norm, depthwise):
        gamma, beta, taps, bias = doubles(
            norm.gamma, norm.beta, depthwise.kernel, depthwise.bias
        )
        taps = taps[..., 0]  # (P, H)
        self._taps, self._tap_shifts = constant(taps * gamma), constant(taps * beta)
        self._depthwise_bias = constant(bias)

    def __call__(
        self, inputs: tf.Tensor, skips: tf.Tensor, num_frames: tf.Tensor, edges: Edges
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """What the next block reads, and the sum of skips.

        Args:
            inputs: float32 (F, D), finite; F is a multiple of the dilation.
            skips: the sum before, float32 (F, D).
            num_frames: T, an int32 scalar, at least 1.
            edges: from `find_edges`, for this block's dilation.

        Returns:
            Both, float32 (F, D), with any numbers behind the valid frames.
        """
        x = tf.nn.bias_add(tf.matmul(inputs, self._kernel), self._bias)  # (F, H)
        x = _empty_behind(tf.nn.leaky_relu(x, self._slope), num_frames)
        x = self._convolve(x, num_frames, edges)
        x = tf.nn.leaky_relu(x, self._depthwise_slope)
        second = moments(x[:num_frames], num_frames, self._epsilons[1])
        # In this order, TensorFlow adds within the product.
        residual, skip = self._residual(x, second), self._skip(x, second)
        return residual + inputs, skip + skips

    def _convolve(self, x, num_frames, edges):
        first = moments(x, num_frames, self._epsilons[0])
        taps = self._taps * first.scale
        # What each tap adds by the norm's shift, but beyond the valid frames.
        shifts = self._tap_shifts - first.mean * taps
        rows = tf.reshape(x, (1, -1, self.dilation, x.shape[-1]))
        kernel = taps[:, None, :, None]
        rows = tf.nn.depthwise_conv2d(rows, kernel, [1, 1, 1, 1], "SAME")
        bias = self._depthwise_bias + tf.reduce_sum(shifts, axis=0)
        rows = tf.reshape(tf.nn.bias_add(rows, bias), (-1, x.shape[-1]))
        missing = tf.gather(-shifts, edges.taps)
        return tf.tensor_scatter_nd_add(rows, edges.frames, missing)


def find_edges(num_frames: tf.Tensor, num_taps: int, dilation: int) -> Edges:
    """The edges of a "same" convolution of T frames.

    Args:
        num_frames: T, an int32 scalar.
        num_taps: P, an odd number.
        dilation: frames from one tap to the next.
    """
    frames, taps = [], []
    for tap, offset in enumerate(tap_offsets(num_taps, dilation)):
        ahead, behind = max(offset, 0), max(-offset, 0)
        lacking = tf.concat(
            [
                tf.range(tf.minimum(behind, num_frames)),
                tf.range(tf.maximum(num_frames - ahead, 0), num_frames),
            ],
            axis=0,
        )
        frames.append(lacking)
        taps.append(tf.fill(tf.shape(lacking), tap))
    return Edges(tf.concat(frames, axis=0)[:, None], tf.concat(taps, axis=0))


def slope(activation) -> float:
    """Of a PReLU that has one."""
    return float(np.asarray(activation.alpha).item())


def _empty_behind(frames, num_frames):
    """Writes zeros behind the valid frames, in place if no one else reads them."""
    behind = tf.range(num_frames, tf.shape(frames)[0])
    zeros = tf.zeros((tf.size(behind), frames.shape[-1]))
    return tf.tensor_scatter_nd_update(frames, behind[:, None], zeros)
