"""Masks over time, and what may pass them.

Legend: B batch, T time steps (samples or frames).
"""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="mmtf")
class FrameMask(keras.layers.Layer):
    """Marks the frames that hold at least one valid sample.

    Frame t starts at sample `t * hop_samples`; it is valid when it starts before
    the end of the signal. With a hop of 1 the frames are the samples.

    Args:
        num_frames: frames of the padded signal (T).
        hop_samples: samples from one frame's start to the next.

    Call arguments:
        length: int tensor (B,), valid samples.

    Returns:
        Bool tensor (B, T).
    """

    def __init__(self, num_frames, hop_samples=1, **kwargs):
        super().__init__(**kwargs)
        self.num_frames = num_frames
        self.hop_samples = hop_samples

    def call(self, length):
        starts = ops.arange(self.num_frames, dtype="int32") * self.hop_samples
        return starts[None, :] < ops.cast(length, "int32")[:, None]

    def compute_output_spec(self, length):
        return keras.KerasTensor((length.shape[0], self.num_frames), dtype="bool")

    def compute_output_shape(self, length_shape):
        return (length_shape[0], self.num_frames)

    def get_config(self):
        config = {"num_frames": self.num_frames, "hop_samples": self.hop_samples}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="mmtf")
class KeepValid(keras.layers.Layer):
    """Sets to zero, whatever it holds, all that the mask does not call valid.

    The dtype stays that of the input, so that integers and images pass unrounded
    under mixed precision.

    Call arguments:
        inputs: tensor (B, ...).
        valid_mask: bool tensor over the first axes of `inputs`: (B,), (B, T), ...

    Returns:
        Tensor like `inputs`.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.autocast = False

    def call(self, inputs, valid_mask):
        missing_axes = (1,) * (len(inputs.shape) - len(valid_mask.shape))
        valid_mask = ops.reshape(valid_mask, (-1, *valid_mask.shape[1:], *missing_axes))
        return ops.where(valid_mask, inputs, ops.zeros_like(inputs))

    def compute_output_spec(self, inputs, valid_mask):
        return keras.KerasTensor(inputs.shape, dtype=inputs.dtype)

    def compute_output_shape(self, inputs_shape, valid_mask_shape=None):
        return inputs_shape


def masked_softmax(scores, mask, axis=-1):
    """Softmax in float32 over the entries that the mask calls valid.

    Args:
        scores: float tensor; what it holds where the mask is False has no effect.
        mask: bool tensor that broadcasts to `scores`.
        axis: the axis that sums to 1.

    Returns:
        Float32 tensor: 0 where the mask is False, and everywhere along an axis
        that has no valid entry.
    """
    scores = ops.where(mask, ops.cast(scores, "float32"), -1e9)
    return ops.softmax(scores, axis=axis) * ops.cast(mask, "float32")
