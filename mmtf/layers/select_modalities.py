"""Modalities that a model is built without.

Legend: B batch, M modalities.
"""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="mmtf")
class SelectModalities(keras.layers.Layer):
    """Takes from every row the modalities that are not selected.

    Args:
        selected: M booleans, in the order of `features.MODALITIES`.

    Call arguments:
        presence: bool tensor (B, M).

    Returns:
        Bool tensor (B, M), False wherever `presence` or `selected` is.
    """

    def __init__(self, selected, **kwargs):
        super().__init__(**kwargs)
        self.selected = list(selected)

    def call(self, presence):
        return ops.logical_and(presence, ops.convert_to_tensor(self.selected, "bool"))

    def compute_output_spec(self, presence):
        return keras.KerasTensor(presence.shape, dtype="bool")

    def compute_output_shape(self, presence_shape):
        return presence_shape

    def get_config(self):
        return {**super().get_config(), "selected": self.selected}
