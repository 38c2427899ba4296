"""Fusion by attention.

Legend: B batch, M modalities (3), D_m width of modality m, D width of the fusion.
"""

import keras
from keras import layers, ops

from mmtf.features import MODALITIES
from mmtf.fusion.base import Fusion
from mmtf.layers.masking import KeepValid, masked_softmax
from mmtf.layers.transformer_layer import TransformerLayer


@keras.saving.register_keras_serializable(package="mmtf")
class AttentionFusion(Fusion):
    """Lets the modalities present attend to each other, then pools them.

    Each feature becomes a token (projected, normalised, plus an embedding of its
    modality); transformer layers follow, and a learned query pools the tokens. The
    query's attention is the weights. A learned vector stands for a row with no
    modality. Arguments and outputs are those of `Fusion`, and:

    Args:
        num_layers: transformer layers.
        num_heads: attention heads in each; they divide `dim`.
        dropout: rate inside the layers.

    Reference:
        Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, for the layers; Yang
        et al. 2016, Hierarchical attention networks, section 2.2, for the pooling.
    """

    def __init__(self, dim, num_layers=1, num_heads=4, dropout=0.0, **kwargs):
        super().__init__(dim, **kwargs)
        self.num_layers = num_layers
        self.num_heads = num_heads
        self.dropout = dropout
        policy = self.dtype_policy
        self.keep_present = KeepValid(dtype=policy)
        self.projections = [
            layers.Dense(dim, dtype=policy, name=f"project_{modality}")
            for modality in MODALITIES
        ]
        self.token_norm = layers.LayerNormalization(dtype=policy)
        self.transformer = [
            TransformerLayer(num_heads, 4 * dim, dropout, dtype=policy)
            for _ in range(num_layers)
        ]
        self.final_norm = layers.LayerNormalization(dtype=policy)

    def build(self, features_shape, presence_shape):
        tokens_shape = (None, len(MODALITIES), self.dim)
        for project, shape in zip(self.projections, features_shape, strict=True):
            project.build(shape)
        for norm in (self.token_norm, self.final_norm):
            norm.build(tokens_shape)
        for layer in self.transformer:
            layer.build(tokens_shape, presence_shape)
        self.embedding = self.add_weight(
            name="embedding", shape=tokens_shape[1:], initializer="random_normal"
        )
        self.query = self.add_weight(
            name="query", shape=(self.dim,), initializer="zeros"
        )
        self.absent = self.add_weight(
            name="absent", shape=(self.dim,), initializer="zeros"
        )

    def call(self, features, presence, training=None):
        tokens = self._tokens(features, presence)
        for layer in self.transformer:
            tokens = layer(tokens, presence, training=training)
        tokens = self.final_norm(tokens)
        scores = ops.matmul(tokens, self.query[:, None])[..., 0] / self.dim**0.5
        weights = masked_softmax(scores, presence)
        vector = ops.sum(ops.cast(weights, tokens.dtype)[..., None] * tokens, axis=1)
        any_present = ops.any(presence, axis=-1, keepdims=True)
        return ops.where(any_present, vector, self.absent), weights

    def _tokens(self, features, presence):
        tokens = [
            project(self.keep_present(feature, presence[:, index]))
            for index, (project, feature) in enumerate(
                zip(self.projections, features, strict=True)
            )
        ]
        return self.token_norm(ops.stack(tokens, axis=1)) + self.embedding  # (B, M, D)

    def get_config(self):
        config = {
            "num_layers": self.num_layers,
            "num_heads": self.num_heads,
            "dropout": self.dropout,
        }
        return {**super().get_config(), **config}
