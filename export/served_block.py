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

FRAME_MULTIPLE = 32
"""What F is a multiple of. A larger dilation pads its own frames: of all blocks
together, that costs less than frames which every block computes in vain."""


class Edge(NamedTuple):
    """Frames of which some tap of a dilated convolution reads no valid frame.

    Attributes:
        first, last: where they begin and end, int32 scalars.
        neighbours: the frames that their taps read, int32 (E, P), all valid.
        neighbour_mask: float32 (E, P, 1), zero where the tap reads none.
    """

    first: tf.Tensor
    last: tf.Tensor
    neighbours: tf.Tensor
    neighbour_mask: tf.Tensor


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
        self,
        inputs: tf.Tensor,
        skips: tf.Tensor,
        num_frames: tf.Tensor,
        edges: list[Edge],
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """What the next block reads, and the sum of skips.

        Args:
            inputs: float32 (F, D); F is a multiple of `FRAME_MULTIPLE`.
            skips: the sum before, float32 (F, D).
            num_frames: T, an int32 scalar, at least 1.
            edges: from `find_edges`, for this block's dilation.

        Returns:
            Both, float32 (F, D), with any numbers behind the valid frames.
        """
        x = self._pad_to_dilation(inputs)
        x = tf.nn.bias_add(tf.matmul(x, self._kernel), self._bias)  # (F, H), or longer
        x = self._convolve(tf.nn.leaky_relu(x, self._slope), num_frames, edges)
        x = x[: tf.shape(inputs)[0]]
        second = moments(x[:num_frames], num_frames, self._epsilons[1])
        # In this order, TensorFlow adds within the product.
        residual, skip = self._residual(x, second), self._skip(x, second)
        return residual + inputs, skip + skips

    def _pad_to_dilation(self, inputs):
        if FRAME_MULTIPLE % self.dilation == 0:
            return inputs
        missing = -tf.shape(inputs)[0] % self.dilation
        return tf.pad(inputs, [[0, missing], [0, 0]])

    def _convolve(self, x, num_frames, edges):
        """The first norm, the convolution and the second PReLU."""
        first = moments(x[:num_frames], num_frames, self._epsilons[0])
        taps = self._taps * first.scale
        # What each tap adds for the norm's shift, unless it reads no frame.
        shifts = self._tap_shifts - first.mean * taps
        bias = self._depthwise_bias + tf.reduce_sum(shifts, axis=0)
        outputs = tf.reshape(x, (1, -1, self.dilation, x.shape[-1]))
        kernel = taps[:, None, :, None]
        outputs = tf.nn.depthwise_conv2d(outputs, kernel, [1, 1, 1, 1], "SAME")
        outputs = tf.nn.leaky_relu(tf.nn.bias_add(outputs, bias), self._depthwise_slope)
        outputs = tf.reshape(outputs, (-1, x.shape[-1]))
        for edge in edges:
            outputs = self._convolve_edge(outputs, x, taps, shifts, edge)
        return outputs

    def _convolve_edge(self, outputs, x, taps, shifts, edge):
        terms = tf.gather(x, edge.neighbours) * taps + shifts  # (E, P, H)
        total = tf.reduce_sum(terms * edge.neighbour_mask, axis=1)
        active = tf.nn.leaky_relu(total + self._depthwise_bias, self._depthwise_slope)
        # In place, as no one else reads the outputs before.
        return tf.raw_ops.TensorStridedSliceUpdate(
            input=outputs,
            begin=edge.first[None],
            end=edge.last[None],
            strides=[1],
            value=active,
        )


def find_edges(num_frames: tf.Tensor, num_taps: int, dilation: int) -> list[Edge]:
    """Both edges of a "same" convolution of T frames.

    Args:
        num_frames: T, an int32 scalar.
        num_taps: P, an odd number.
        dilation: frames from one tap to the next.
    """
    offsets = tap_offsets(num_taps, dilation)
    reach = tf.minimum(offsets[-1], num_frames)
    edges = []
    for first, last in ((0, reach), (num_frames - reach, num_frames)):
        neighbours = tf.range(first, last)[:, None] + offsets
        mask = (neighbours >= 0) & (neighbours < num_frames)
        neighbours = tf.clip_by_value(neighbours, 0, num_frames - 1)
        mask = tf.cast(mask, tf.float32)[..., None]
        edges.append(Edge(tf.convert_to_tensor(first), last, neighbours, mask))
    return edges


def slope(activation) -> float:
    """Of a PReLU that has one."""
    return float(np.asarray(activation.alpha).item())
