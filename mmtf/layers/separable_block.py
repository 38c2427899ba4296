"""The dilated depthwise-separable block of Conv-TasNet.

Legend: B batch, T frames, D width between blocks, H width inside a block.
"""

import keras
from keras import ops

from mmtf.layers.global_layer_norm import GlobalLayerNorm
from mmtf.layers.products import dilated_depthwise, pointwise, prelu
from mmtf.layers.separable_core import CoreWeights
from mmtf.layers.separable_gradient import block_with_gradient
from mmtf.layers.xla import compiles_whole_models, inside_xla


@keras.saving.register_keras_serializable(package="mmtf")
class SeparableBlock(keras.layers.Layer):
    """1x1 convolution, PReLU, gLN, dilated depthwise convolution, PReLU, gLN, and
    two 1x1 convolutions: onto the input (residual) and aside (skip).

    Frames that are not valid reach no other frame.

    In training the block is a few XLA programs with a gradient of its own, between
    products that are oneDNN's (`mmtf.layers.separable_gradient`); else it is plain
    operations, which any server has. On the CPU, Keras does not compile a model that
    holds one as a whole.

    Args:
        hidden_dim: width inside the block (H).
        kernel_size: taps of the depthwise convolution (P).
        dilation: frames from one tap to the next.
        rematerialize: in training, keep of each block its input alone and compute
            the rest again: a fraction of the memory for more time.

    Call arguments:
        inputs: float tensor (B, T, D), finite everywhere, T being known.
        frame_mask: bool tensor (B, T).

    Returns:
        Two float tensors (B, T, D): the inputs plus the residual, and the skip.

    Reference:
        Luo and Mesgarani 2019, Conv-TasNet, https://arxiv.org/abs/1809.07454,
        section II-D and figure 1(C).
    """

    def __init__(
        self, hidden_dim, kernel_size=3, dilation=1, rematerialize=False, **kwargs
    ):
        super().__init__(**kwargs)
        self.hidden_dim = hidden_dim
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.rematerialize = rematerialize
        self.supports_jit = compiles_whole_models()
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

    def call(self, inputs, frame_mask, training=False):
        if (training and self.trainable) or inside_xla():
            outputs = self._fused(inputs, frame_mask)
        else:
            outputs = self._plain(inputs, frame_mask)
        residual, skip = ops.split(outputs, 2, axis=-1)
        return inputs + residual, skip

    def _plain(self, inputs, frame_mask):
        x = pointwise(inputs, *self._expand_weights())  # (B, T, H)
        x = prelu(x, self.expand_activation.alpha)
        # The norm leaves zeros where the depthwise convolution must read none.
        x = self.expand_norm(x, frame_mask)
        x = dilated_depthwise(x, self.depthwise.kernel, self.dilation)
        x = prelu(x + self.depthwise.bias, self.depthwise_activation.alpha)
        mean, scale = self.depthwise_norm.moments(x, frame_mask)  # (B, 1, 1) each
        # The norm is scaled after the product, where the sequence is narrower.
        kernel, bias = self._contract_weights()
        shift = mean * scale * ops.sum(ops.cast(kernel, "float32"), axis=0)
        shift = bias - ops.cast(shift, x.dtype)
        return pointwise(x, kernel) * ops.cast(scale, x.dtype) + shift

    def _fused(self, inputs, frame_mask):
        return block_with_gradient(
            inputs,
            frame_mask,
            self._expand_weights(),
            self._core_weights(),
            self._contract_weights(),
            dilation=self.dilation,
            epsilon=self.expand_norm.epsilon,
            rematerialize=self.rematerialize,
        )

    def _expand_weights(self):
        layer = self.expand
        return tuple(
            ops.cast(w, self.compute_dtype) for w in (layer.kernel, layer.bias)
        )

    def _contract_weights(self):
        """The last product's, with the scale and shift of the norm before it."""
        layer, norm = self.residual_and_skip, self.depthwise_norm
        gamma, beta = (ops.cast(w, self.compute_dtype) for w in (norm.gamma, norm.beta))
        bias = layer.bias + ops.squeeze(ops.matmul(beta[None], layer.kernel), axis=0)
        return gamma[:, None] * layer.kernel, bias

    def _core_weights(self):
        weights = CoreWeights(
            expand_slope=self.expand_activation.alpha,
            gamma=self.expand_norm.gamma,
            beta=self.expand_norm.beta,
            kernel=self.depthwise.kernel,
            bias=self.depthwise.bias,
            depthwise_slope=self.depthwise_activation.alpha,
        )
        weights = CoreWeights(*(ops.cast(weight, "float32") for weight in weights))
        return weights._replace(
            expand_slope=ops.reshape(weights.expand_slope, ()),
            kernel=ops.squeeze(weights.kernel, axis=-1),
            depthwise_slope=ops.reshape(weights.depthwise_slope, ()),
        )

    def compute_output_shape(self, inputs_shape, frame_mask_shape=None):
        return inputs_shape, inputs_shape

    def get_config(self):
        config = {
            "hidden_dim": self.hidden_dim,
            "kernel_size": self.kernel_size,
            "dilation": self.dilation,
            "rematerialize": self.rematerialize,
        }
        return {**super().get_config(), **config}


def scalar_prelu(**kwargs):
    """PReLU with one learned slope for a whole sequence, as in Conv-TasNet."""
    return keras.layers.PReLU(
        alpha_initializer=keras.initializers.Constant(0.25),
        shared_axes=[1, 2],
        **kwargs,
    )
