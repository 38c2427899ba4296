"""Losing modalities at random.

Legend: B batch, M modalities.
"""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="mmtf")
class ModalityDropout(keras.layers.Layer):
    """In training, takes from each row some of the modalities that it has.

    Each modality is lost by itself with the chance `rate`, but the last one never
    is: of the modalities a row has, the one with the largest draw always stays.
    At inference nothing changes.

    Args:
        rate: chance of losing a modality, in [0, 1).
        seed: seed of the draws.

    Call arguments:
        presence: bool tensor (B, M).

    Returns:
        Bool tensor (B, M), False wherever `presence` is.
    """

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, presence, training=False):
        if not training or not self.rate:
            return presence
        draws = keras.random.uniform(ops.shape(presence), seed=self.seed_generator)
        draws = ops.where(presence, draws, -1.0)
        largest = ops.max(draws, axis=-1, keepdims=True)
        return presence & ((draws >= self.rate) | (draws >= largest))

    def compute_output_spec(self, presence, training=False):
        return keras.KerasTensor(presence.shape, dtype="bool")

    def compute_output_shape(self, presence_shape):
        return presence_shape

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
