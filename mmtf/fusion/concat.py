"""Fusion by concatenation.

Legend: B batch, M modalities (3), D_m width of modality m, D width of the fusion.
"""

import keras
from keras import ops

from mmtf.fusion.base import Fusion
from mmtf.layers.fill_absent import FillAbsent


@keras.saving.register_keras_serializable(package="mmtf")
class ConcatFusion(Fusion):
    """Concatenates the features and projects them: relu(W x + b).

    A learned vector stands for an absent feature. The product is computed modality
    by modality, as W x is the sum of the W_m x_m; a modality's weight is its share
    of the norms of those terms. Arguments and outputs are those of `Fusion`.
    """

    def __init__(self, dim, **kwargs):
        super().__init__(dim, **kwargs)
        self.fill_absent = FillAbsent(dtype=self.dtype_policy)

    def build(self, features_shape, presence_shape):
        self.fill_absent.build(features_shape, presence_shape)
        # One matrix, so that the initializer sees the width of the concatenation.
        width = sum(shape[-1] for shape in features_shape)
        self.kernel = self.add_weight(name="kernel", shape=(width, self.dim))
        self.bias = self.add_weight(name="bias", shape=(self.dim,), initializer="zeros")

    def call(self, features, presence):
        terms = self._terms(self.fill_absent(features, presence))  # M times (B, D)
        vector = ops.relu(sum(terms[1:], terms[0]) + self.bias)
        return vector, _shares(terms, presence)

    def _terms(self, features):
        start, terms = 0, []
        for feature in features:
            end = start + feature.shape[-1]
            terms.append(ops.matmul(feature, self.kernel[start:end]))
            start = end
        return terms


def _shares(terms, presence):
    terms = ops.cast(ops.stack(terms, axis=1), "float32")  # (B, M, D)
    # The constant shares a row evenly among terms that are all zero.
    norms = ops.sqrt(ops.sum(ops.square(terms), axis=-1) + keras.config.epsilon())
    norms = ops.where(presence, norms, 0.0)
    total = ops.sum(norms, axis=-1, keepdims=True)
    return norms / ops.where(total > 0, total, 1.0)
