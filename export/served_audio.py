"""The audio encoder of a served model: waveform by waveform, each as long as it is.

Legend: B rows, S samples, T valid frames of a row, F frames with the padding behind
them, D width of the features.
"""

import keras
import tensorflow as tf

from export.served_block import FRAME_MULTIPLE, ServedBlock, find_edges, slope
from export.served_norm import NormedDense, constant, doubles, moments
from mmtf.layers import GlobalLayerNorm, SeparableBlock, StatisticsPooling


def serve_waveforms_apart(model: keras.Model) -> keras.Model:
    """A model that answers alike at inference, with a faster Conv-TasNet.

    A `ServedConvTasNet` takes the place of each one of float32. In 16 bits it would
    round otherwise than in training, so that one stays.

    Args:
        model: a Functional model with encoders among its layers; it stays as it is.

    Returns:
        A model that shares all other layers; the model itself if it has no Conv-TasNet.
    """
    twins = {
        id(layer): ServedConvTasNet(layer, name=f"served_{layer.name}")
        for layer in model.layers
        if isinstance(layer, keras.Model) and _can_be_served(layer)
    }
    if not twins:
        return model
    return keras.models.clone_model(
        model, clone_function=lambda layer: twins.get(id(layer), layer)
    )


def _can_be_served(encoder):
    blocks = _layers_of(encoder, SeparableBlock)
    return (
        bool(blocks)
        and all(layer.compute_dtype == "float32" for layer in encoder.layers)
        and all(block.kernel_size % 2 == 1 for block in blocks)
    )


def _layers_of(encoder, kind):
    return [layer for layer in encoder.layers if isinstance(layer, kind)]


class ServedConvTasNet(keras.layers.Layer):
    """What `mmtf.encoders.audio.conv_tasnet` computes, of one row after the other.

    Rows have no mask so, and cost what they are long; those without a sample cost
    nothing. No row's answer depends on the others.

    Args:
        encoder: a built one of float32.

    Call arguments:
        inputs: dict of `waveform` (B, S) and `waveform_length` int (B,).

    Returns:
        Float tensor (B, D).
    """

    def __init__(self, encoder: keras.Model, **kwargs):
        super().__init__(dtype="float32", trainable=False, **kwargs)
        self.supports_jit = False
        front_end, bottleneck, output = (
            encoder.get_layer(name) for name in ("front_end", "bottleneck", "output")
        )
        (norm,) = _layers_of(encoder, GlobalLayerNorm)
        (activation,) = _layers_of(encoder, keras.layers.PReLU)
        (pooling,) = _layers_of(encoder, StatisticsPooling)
        (self._stride,) = front_end.strides
        self._filters = constant(*(w[:, 0] for w in doubles(front_end.kernel)))
        self._norm_epsilon, self._epsilon = norm.epsilon, pooling.epsilon
        self._bottleneck = NormedDense(norm, *bottleneck.weights)
        blocks = _layers_of(encoder, SeparableBlock)
        self._num_taps = blocks[0].kernel_size
        self._blocks = [ServedBlock(block) for block in blocks]
        self._slope = slope(activation)
        self._kernel, self._bias = (constant(*doubles(w)) for w in output.weights)
        self.built = True

    def call(self, inputs, training=False, mask=None):
        waveform, length = inputs["waveform"], inputs["waveform_length"]
        length = tf.minimum(length, waveform.shape[-1])
        heard = tf.where(length > 0)  # (R, 1)
        features = tf.map_fn(
            lambda row: self._encode(waveform[row], length[row]),
            heard[:, 0],
            fn_output_signature=tf.TensorSpec([2 * self._bias.shape[0]], tf.float32),
            parallel_iterations=1,
        )
        unheard = tf.repeat(self._features_of_none(), tf.shape(length)[0], axis=0)
        return tf.tensor_scatter_nd_update(unheard, heard, features)

    def _features_of_none(self):
        """The means and deviations (1, D) that a row without a frame has."""
        mean = tf.zeros((1, self._bias.shape[0]))
        return tf.concat([mean, tf.sqrt(mean + self._epsilon)], axis=-1)

    def _encode(self, waveform, length):
        """Features (D,) of samples (S,), of which `length` are valid."""
        num_frames = -(-length // self._stride)
        x = self._front_end(waveform[:length], num_frames)
        x = self._bottleneck(x, moments(x, num_frames, self._norm_epsilon))
        edges = {
            block.dilation: find_edges(num_frames, self._num_taps, block.dilation)
            for block in self._blocks
        }
        skips = tf.zeros_like(x)
        for block in self._blocks:
            x, skips = block(x, skips, num_frames, edges[block.dilation])
        return self._pool(tf.nn.leaky_relu(skips[:num_frames], self._slope), num_frames)

    def _front_end(self, samples, num_frames):
        """Filtered frames (F, N), zero behind the valid ones."""
        padded = -(-num_frames // FRAME_MULTIPLE) * FRAME_MULTIPLE
        missing = (padded + 1) * self._stride - tf.size(samples)
        samples = tf.concat([samples, tf.zeros([missing])], axis=0)
        steps = tf.reshape(samples, (-1, self._stride))
        # A frame is two steps long.
        frames = tf.concat([steps[:-1], steps[1:]], axis=-1)
        return tf.nn.relu(tf.matmul(frames, self._filters))

    def _pool(self, x, num_frames):
        """Means and deviations over time of the last product of x (T, D / 2)."""
        mean = tf.reduce_mean(x, axis=0, keepdims=True)
        deviations = tf.matmul(x - mean, self._kernel)
        # A product with ones adds up columns faster than tf.reduce_sum.
        total = tf.matmul(tf.ones((1, num_frames)), tf.square(deviations))
        variance = total / tf.cast(num_frames, tf.float32)
        mean = tf.matmul(mean, self._kernel) + self._bias
        pooled = tf.concat([mean, tf.sqrt(variance + self._epsilon)], axis=-1)
        return tf.squeeze(pooled, axis=0)

    def compute_output_spec(self, inputs, training=False, mask=None):
        width = 2 * self._bias.shape[0]
        return keras.KerasTensor((inputs["waveform"].shape[0], width), "float32")
