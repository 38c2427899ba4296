"""The dilated depthwise-separable block of Conv-TasNet.

Legend: B batch, T frames, D width between blocks, H width inside a block.
"""

import keras
from keras import ops

from mmtf.layers.global_layer_norm import GlobalLayerNorm


@keras.saving.register_keras_serializable(package="mmtf")
class SeparableBlock(keras.layers.Layer):
    """1x1 convolution, PReLU, gLN, dilated depthwise convolution, PReLU, gLN, and
    two 1x1 convolutions: onto the input (residual) and aside (skip).

    Frames that are not valid reach no other frame. The block opts out of XLA,
    whose depthwise convolution is many times slower on the CPU; a model that
    holds one is therefore compiled without it.

    Args:
        hidden_dim: width inside the block (H).
        kernel_size: taps of the depthwise convolution (P).
        dilation: frames from one tap to the next.

    Call arguments:
        inputs: float tensor (B, T, D), finite everywhere.
        frame_mask: bool tensor (B, T).

    Returns:
        Two float tensors (B, T, D): the inputs plus the residual, and the skip.

    Reference:
        Luo and Mesgarani 2019, Conv-TasNet, https://arxiv.org/abs/1809.07454,
        section II-D and figure 1(C).
    """

    def __init__(self, hidden_dim, kernel_size=3, dilation=1, **kwargs):
        super().__init__(**kwargs)
        self.hidden_dim = hidden_dim
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.supports_jit = False
        policy = self.dtype_policy
        self.expand = keras.layers.Dense(hidden_dim, dtype=policy)
        self.expand_activation = scalar_prelu(dtype=policy)
        self.expand_norm = GlobalLayerNorm(dtype=policy)
        # With stride 1, "same" pads by the kernel alone, not by the length.
        self.depthwise = keras.layers.DepthwiseConv1D(
            kernel_size, dilation_rate=dilation, padding="same", dtype=policy
        )
        self.depthwise_activation = scalar_prelu(dtype=policy)
        self.depthwise_norm = GlobalLayerNorm(dtype=policy)

    def build(self, inputs_shape, frame_mask_shape=None):
        width = inputs_shape[-1]
        # One product for both paths: the last block's residual is read by no one,
        # and as a kernel of its own it would have no gradient.
        self.residual_and_skip = keras.layers.Dense(2 * width, dtype=self.dtype_policy)
        hidden_shape = (*inputs_shape[:-1], self.hidden_dim)
        self.expand.build(inputs_shape)
        self.expand_activation.build(hidden_shape)
        self.expand_norm.build(hidden_shape, frame_mask_shape)
        self.depthwise.build(hidden_shape)
        self.depthwise_activation.build(hidden_shape)
        self.depthwise_norm.build(hidden_shape, frame_mask_shape)
        self.residual_and_skip.build(hidden_shape)

    def call(self, inputs, frame_mask):
        x = self.expand_activation(self.expand(inputs))  # (B, T, H)
        # The norm leaves zeros where the depthwise convolution must read none.
        x = self.expand_norm(x, frame_mask)
        x = self.depthwise_activation(self.depthwise(x))
        x = self.depthwise_norm(x, frame_mask)
        residual, skip = ops.split(self.residual_and_skip(x), 2, axis=-1)
        return inputs + residual, skip

    def compute_output_shape(self, inputs_shape, frame_mask_shape=None):
        return inputs_shape, inputs_shape

    def get_config(self):
        config = {
            "hidden_dim": self.hidden_dim,
            "kernel_size": self.kernel_size,
            "dilation": self.dilation,
        }
        return {**super().get_config(), **config}


def scalar_prelu(**kwargs):
    """PReLU with one learned slope for a whole sequence, as in Conv-TasNet."""
    return keras.layers.PReLU(
        alpha_initializer=keras.initializers.Constant(0.25),
        shared_axes=[1, 2],
        **kwargs,
    )
