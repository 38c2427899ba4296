"""The middle of Conv-TasNet's block, between its products, forward and backward.

PReLU, gLN, dilated depthwise convolution, PReLU and gLN, the last without its scale
and shift, which are left to the product that follows. Each function is one XLA program
of few passes over memory: where it ends, a tensor is written that several loops of the
next one read. In one program XLA would fuse, and so compute, it into each of them.

Legend: B batch, T frames, H width, P taps.
"""

from functools import cache, partial
from typing import NamedTuple

import tensorflow as tf
from keras import ops

from mmtf.layers.global_layer_norm import inverse_deviation
from mmtf.layers.long_sequences import (
    correlate_over_time,
    shifted_sum,
    sum_over_time,
    tap_offsets,
)
from mmtf.layers.products import prelu


class CoreWeights(NamedTuple):
    """Weights, float32.

    Attributes:
        expand_slope: of the first PReLU, ().
        gamma, beta: of the first norm, (H,).
        kernel, bias: of the depthwise convolution, (P, H) and (H,).
        depthwise_slope: of the second PReLU, ().
    """

    expand_slope: object
    gamma: object
    beta: object
    kernel: object
    bias: object
    depthwise_slope: object


class Moments(NamedTuple):
    """Of a row's valid frames: the mean (B,) and the inverse deviation (B,)."""

    mean: object
    scale: object


def compiled(function):
    """One XLA program."""
    return tf.function(function, jit_compile=True, autograph=False)


@cache
def compiled_for(function, dilation: int, **options):
    """A program for each dilation, the same for every block that has it."""
    return compiled(partial(function, dilation=dilation, **options))


def convolve(hidden, frame_mask, weights: CoreWeights, *, dilation, epsilon):
    """Hidden (B, T, H) to the convolution's output, and both norms' moments."""
    dtype, hidden = hidden.dtype, ops.cast(hidden, "float32")
    mask = ops.cast(frame_mask, "float32")[..., None]
    first = moments(hidden, mask, weights.expand_slope, epsilon)
    scale, shift = _scale_and_shift(first, weights)
    normal = prelu(hidden, weights.expand_slope) * scale + shift
    offsets = tap_offsets(weights.kernel.shape[0], dilation)
    convolved = shifted_sum(normal * mask, weights.kernel, offsets) + weights.bias
    second = moments(convolved, mask, weights.depthwise_slope, epsilon)
    return ops.cast(convolved, dtype), first, second


@compiled
def normalise(convolved, frame_mask, second: Moments, slope):
    """The core's output (B, T, H): zero at the frames that are not valid."""
    mask = ops.cast(frame_mask, "float32")[..., None]
    normal = _normal(ops.cast(convolved, "float32"), mask, second, slope)
    return ops.cast(normal, convolved.dtype)


def _normal(convolved, mask, second, slope):
    normal = (prelu(convolved, slope) - _of_row(second.mean)) * _of_row(second.scale)
    return normal * mask


@compiled
def back_through_norm(grad, total, convolved, frame_mask, second: Moments, slope):
    """From the output's gradient to the convolution's, and to its PReLU's slope.

    Args:
        grad: float tensor (B, T, H).
        total: its sum over valid frames and width, (B,).
        convolved, frame_mask, second, slope: as for `normalise`.

    Returns:
        Both gradients, and the output itself.
    """
    dtype = convolved.dtype
    grad, convolved = (ops.cast(tensor, "float32") for tensor in (grad, convolved))
    mask = ops.cast(frame_mask, "float32")[..., None]
    count = _count(mask, grad)

    def by_normal(grad, convolved, mask):
        return grad * _normal(convolved, mask, second, slope)

    mean = ops.cast(total, "float32") / count
    slant = ops.sum(sum_over_time(by_normal, grad, convolved, mask), axis=1) / count

    def active_grad(grad, convolved, mask):
        # Ba et al. 2016, Layer normalization, but over time and width.
        normal = _normal(convolved, mask, second, slope)
        plain = grad - _of_row(mean) - normal * _of_row(slant)
        return plain * _of_row(second.scale) * mask

    def slope_grad(grad, convolved, mask):
        return active_grad(grad, convolved, mask) * ops.minimum(convolved, 0)

    slope_grad = ops.sum(sum_over_time(slope_grad, grad, convolved, mask))
    convolved_grad = active_grad(grad, convolved, mask) * _steepness(convolved, slope)
    normal = _normal(convolved, mask, second, slope)
    return convolved_grad, slope_grad, ops.cast(normal, dtype)


def back_to_taps(grad, hidden, frame_mask, first: Moments, weights, *, dilation):
    """From the convolution's gradient to those of the first norm's output.

    Returns:
        The gradient (B, T, H) of the first PReLU's output, and of `gamma`, `beta`,
        `kernel` and `bias`.
    """
    hidden = ops.cast(hidden, "float32")
    mask = ops.cast(frame_mask, "float32")[..., None]
    count = _count(mask, hidden)
    offsets = tap_offsets(weights.kernel.shape[0], dilation)
    scale, shift = (tensor[:, 0] for tensor in _scale_and_shift(first, weights))

    # Of n = scale * a + shift, the convolution's input, all sums over time follow
    # from these two for each tap.
    by_active = correlate_over_time(
        lambda g, h, m: g * (prelu(h, weights.expand_slope) * m),
        grad, (hidden, mask), offsets,
    )  # fmt: skip
    by_mask = ops.matmul(_shifted_masks(mask, offsets), grad)  # (B, P + 1, H)
    by_mask, by_all = by_mask[:, :-1], by_mask[:, -1]
    kernel_grad = scale[:, None] * by_active + shift[:, None] * by_mask
    scale_grad = ops.sum(weights.kernel * by_active, axis=1)  # (B, H)
    shift_grad = ops.sum(weights.kernel * by_mask, axis=1)
    # shift = beta - mean * scale
    scale_grad = scale_grad - first.mean[:, None] * shift_grad
    mean_grad = -ops.sum(scale * shift_grad, axis=1)
    inverse_grad = ops.sum(weights.gamma * scale_grad, axis=1)
    # The inverse deviation is (E[a^2] - mean^2 + epsilon)^(-1/2).
    slant = -(first.scale**3) * inverse_grad / count
    offset = mean_grad / count - slant * first.mean

    normal_grad = shifted_sum(grad, weights.kernel, [-ahead for ahead in offsets])
    active = prelu(hidden, weights.expand_slope)
    active_grad = normal_grad * scale[:, None] + _of_row(slant) * active
    active_grad = (active_grad + _of_row(offset)) * mask
    return (
        active_grad,
        ops.sum(first.scale[:, None] * scale_grad, axis=0),
        ops.sum(shift_grad, axis=0),
        ops.sum(kernel_grad, axis=0),
        ops.sum(by_all, axis=0),
    )


def _shifted_masks(mask, offsets):
    """What each tap sees of the mask (B, T, 1), and ones: (B, P + 1, T)."""
    ones = ops.ones((1, 1), mask.dtype)
    shifted = [shifted_sum(mask, ones, [offset])[..., 0] for offset in offsets]
    return ops.stack([*shifted, ops.ones_like(mask[..., 0])], axis=1)


@compiled
def back_to_slope(active_grad, hidden, slope):
    """From the first PReLU's output to its input, the sum of that over rows and frames
    (H,), and its slope."""
    dtype, hidden = hidden.dtype, ops.cast(hidden, "float32")

    def hidden_grad(grad, hidden):
        return grad * _steepness(hidden, slope)

    slope_sums = sum_over_time(lambda g, h: g * ops.minimum(h, 0), active_grad, hidden)
    hidden_sums = sum_over_time(hidden_grad, active_grad, hidden)
    return (
        ops.cast(hidden_grad(active_grad, hidden), dtype),
        ops.sum(hidden_sums, axis=0),
        ops.sum(slope_sums),
    )


def _steepness(inputs, slope):
    return ops.where(inputs > 0, ops.ones_like(inputs), slope)


def moments(inputs, mask, slope, epsilon):
    """Of PReLU(inputs) over the valid frames."""
    count = _count(mask, inputs)
    mean = sum_over_time(lambda x, m: prelu(x, slope) * m, inputs, mask)
    square = sum_over_time(lambda x, m: ops.square(prelu(x, slope)) * m, inputs, mask)
    mean, square = ops.sum(mean, axis=1) / count, ops.sum(square, axis=1) / count
    return Moments(mean, inverse_deviation(mean, square, epsilon))


def _scale_and_shift(first, weights):
    scale = first.scale[:, None] * weights.gamma
    shift = weights.beta - first.mean[:, None] * scale
    return scale[:, None], shift[:, None]  # (B, 1, H)


def _count(mask, sequence):
    # A row without a valid frame has sums of 0.
    return ops.maximum(ops.sum(mask, axis=(1, 2)), 1) * sequence.shape[-1]


def _of_row(values):
    return values[:, None, None]
