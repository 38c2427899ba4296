"""What every fusion shares: its call, its outputs and its width.

Legend: B batch, M modalities (3), D_m width of modality m, D width of the fusion.
"""

import keras


class Fusion(keras.layers.Layer):
    """Base of the layers that make one vector of the features of all modalities.

    What the features of an absent modality hold, be it NaN, has no effect.

    Args:
        dim: width of the fused vector (D).

    Call arguments:
        features: M float tensors (B, D_m), in the order of `features.MODALITIES`.
        presence: bool tensor (B, M).

    Returns:
        The fused vector (B, D), and float32 weights (B, M) that sum to 1 over the
        modalities present; the absent have 0, as has a row with none at all.
    """

    def __init__(self, dim, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim

    def compute_output_spec(self, features, presence, training=None):
        vector = keras.KerasTensor((presence.shape[0], self.dim), self.compute_dtype)
        return vector, keras.KerasTensor(presence.shape, "float32")

    def compute_output_shape(self, features_shape, presence_shape):
        return (presence_shape[0], self.dim), presence_shape

    def get_config(self):
        return {**super().get_config(), "dim": self.dim}
