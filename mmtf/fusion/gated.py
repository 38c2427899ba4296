"""Fusion by learned gates.

Legend: B batch, M modalities (3), D_m width of modality m, D width of the fusion.
"""

import keras
from keras import ops

from mmtf.features import MODALITIES
from mmtf.fusion.base import Fusion
from mmtf.layers.fill_absent import FillAbsent
from mmtf.layers.masking import masked_softmax


@keras.saving.register_keras_serializable(package="mmtf")
class GatedFusion(Fusion):
    """Mixes the modalities unit by unit, by gates that see all of them.

    Each feature gives a proposal h_m = tanh(W_m x_m); gates z = softmax(V x) of all
    features together mix them: h = sum of z_m * h_m. For two modalities the softmax
    is the sigmoid of the paper; for more it extends its "z and 1 - z". Only present
    modalities have gates, and a learned vector stands for an absent feature where
    the gates look. A modality's weight is the mean of its gates over the units;
    the vector of a row with no modality is zero. Arguments and outputs are those of
    `Fusion`.

    Reference:
        Arevalo et al. 2017, Gated multimodal units for information fusion,
        https://arxiv.org/abs/1702.01992.
    """

    def __init__(self, dim, **kwargs):
        super().__init__(dim, **kwargs)
        policy = self.dtype_policy
        self.fill_absent = FillAbsent(dtype=policy)
        self.proposals = [
            keras.layers.Dense(
                dim, activation="tanh", dtype=policy, name=f"propose_{m}"
            )
            for m in MODALITIES
        ]
        self.gates = keras.layers.Dense(len(MODALITIES) * dim, dtype=policy)

    def build(self, features_shape, presence_shape):
        self.fill_absent.build(features_shape, presence_shape)
        for propose, shape in zip(self.proposals, features_shape, strict=True):
            propose.build(shape)
        self.gates.build((None, sum(shape[-1] for shape in features_shape)))

    def call(self, features, presence):
        features = self.fill_absent(features, presence)
        proposals = ops.stack(
            [propose(x) for propose, x in zip(self.proposals, features, strict=True)],
            axis=1,
        )  # (B, M, D)
        scores = self.gates(ops.concatenate(features, axis=-1))
        scores = ops.reshape(scores, (-1, len(MODALITIES), self.dim))
        gates = masked_softmax(scores, presence[:, :, None], axis=1)
        vector = ops.sum(ops.cast(gates, proposals.dtype) * proposals, axis=1)
        return vector, ops.mean(gates, axis=-1)
