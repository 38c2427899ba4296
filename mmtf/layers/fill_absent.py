"""Learned stand-ins for absent features.

Legend: B batch, M modalities, D_m width of modality m.
"""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="mmtf")
class FillAbsent(keras.layers.Layer):
    """Puts a learned vector, one per modality, where a row's feature is absent.

    Call arguments:
        features: M float tensors (B, D_m).
        presence: bool tensor (B, M).

    Returns:
        M float tensors (B, D_m).
    """

    def build(self, features_shape, presence_shape):
        self.vectors = [
            self.add_weight(
                name=f"absent_{index}", shape=(shape[-1],), initializer="zeros"
            )
            for index, shape in enumerate(features_shape)
        ]

    def call(self, features, presence):
        return [
            ops.where(presence[:, index, None], feature, vector)
            for index, (feature, vector) in enumerate(
                zip(features, self.vectors, strict=True)
            )
        ]

    def compute_output_shape(self, features_shape, presence_shape):
        return features_shape
