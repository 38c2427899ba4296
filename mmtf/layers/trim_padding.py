"""Padding that no row of a batch needs.

Legend: B batch, L steps (tokens), L' steps that are kept.
"""

import keras
from keras import ops, tree

from mmtf.layers.xla import inside_xla


@keras.saving.register_keras_serializable(package="mmtf")
class TrimPadding(keras.layers.Layer):
    """Cuts sequences behind the last valid step of the batch's longest row.

    Their new length is rounded up to a multiple, so that kernels meet few different
    sizes. It is a tensor of one graph, not a shape that asks for another: nothing is
    traced again. XLA compiles for each shape, and under it nothing is cut; nor is it
    at inference in 16 bits, whose rounding would let a row's answer depend on the
    lengths of others.

    Args:
        multiple: what the new length is a multiple of, if that is not the old one.

    Call arguments:
        sequences: tensors (B, L, ...), any structure of them.
        step_mask: bool or int tensor (B, L), zero at the steps that are not valid.

    Returns:
        Tensors (B, L', ...), structured likewise; L' is at least 1.
    """

    def __init__(self, multiple=8, **kwargs):
        super().__init__(**kwargs)
        self.multiple = multiple
        self.autocast = False

    def call(self, sequences, step_mask, training=False):
        if inside_xla() or (self.compute_dtype != "float32" and not training):
            return sequences
        length = ops.shape(step_mask)[1]
        steps = ops.arange(1, length + 1, dtype="int32")
        longest = ops.max(ops.where(ops.cast(step_mask, "bool"), steps, 1))
        kept = -(-longest // self.multiple) * self.multiple
        kept = ops.minimum(kept, length)
        return tree.map_structure(lambda x: x[:, :kept], sequences)

    def compute_output_spec(self, sequences, step_mask, training=False):
        return tree.map_structure(
            lambda x: keras.KerasTensor(_cut(x.shape), dtype=x.dtype), sequences
        )

    def compute_output_shape(self, sequences_shape, step_mask_shape=None):
        return tree.map_shape_structure(_cut, sequences_shape)

    def get_config(self):
        return {**super().get_config(), "multiple": self.multiple}


def _cut(shape):
    return (shape[0], None, *shape[2:])
