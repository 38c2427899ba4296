"""Products and activations of long sequences, in the forms that oneDNN is fastest at.

Legend: B batch, T time steps, D and H widths, P taps.
"""

import tensorflow as tf
from keras import ops


def pointwise(inputs, kernel, bias=None):
    """A 1x1 convolution as one product of two matrices, the fastest there is.

    Args:
        inputs: float tensor (..., D).
        kernel: float tensor (D, H).
        bias: float tensor (H,).

    Returns:
        Float tensor (..., H).
    """
    outputs = ops.matmul(ops.reshape(inputs, (-1, inputs.shape[-1])), kernel)
    if bias is not None:
        # This addition, TensorFlow makes part of the product.
        outputs = tf.nn.bias_add(outputs, bias)
    return ops.reshape(outputs, (-1, *inputs.shape[1:-1], kernel.shape[-1]))


def kernel_gradient(inputs, grad):
    """Of the kernel of `pointwise`."""
    inputs, grad = (ops.reshape(x, (-1, x.shape[-1])) for x in (inputs, grad))
    return tf.matmul(inputs, grad, transpose_a=True)


def dilated_depthwise(inputs, kernel, dilation: int):
    """A depthwise convolution with "same" padding.

    Args:
        inputs: float tensor (B, T, H).
        kernel: float tensor (P, H, 1).
        dilation: steps from one tap to the next.

    Returns:
        Float tensor (B, T, H).
    """
    _, length, width = inputs.shape
    if dilation == 1 or kernel.shape[0] % 2 == 0 or not length or length % dilation:
        return ops.depthwise_conv(
            inputs, kernel, padding="same", dilation_rate=dilation
        )
    # TensorFlow dilates by moving everything there and back. Steps laid out as rows of
    # `dilation` are neighbours of those a row further.
    rows = ops.reshape(inputs, (-1, length // dilation, dilation, width))
    rows = ops.depthwise_conv(rows, ops.expand_dims(kernel, 1), padding="same")
    return ops.reshape(rows, (-1, length, width))


def prelu(inputs, slope):
    """PReLU in three passes, right for slopes of any size.

    Args:
        inputs: float tensor.
        slope: of what is negative; a tensor that broadcasts.
    """
    return inputs + (slope - 1) * ops.minimum(inputs, 0)
