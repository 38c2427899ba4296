"""One pre-norm transformer layer over a short set of tokens.

Legend: B batch, M tokens, D width.
"""

import keras
from keras import layers


@keras.saving.register_keras_serializable(package="mmtf")
class TransformerLayer(layers.Layer):
    """Self-attention and a feed-forward part, each normalised on its way in.

    keras-hub's `TransformerEncoder` would serve too, at the price of importing
    keras-hub for models that have no other use for it.

    Args:
        num_heads: attention heads; they divide D.
        intermediate_dim: width of the feed-forward part.
        dropout: rate on the attention, and on what each part adds.

    Call arguments:
        tokens: float tensor (B, M, D).
        token_mask: bool tensor (B, M), the tokens that may be attended to.

    Returns:
        Float tensor (B, M, D), finite even with no token to attend to.

    Reference:
        Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, section 3.1;
        pre-norm as in Xiong et al. 2020, https://arxiv.org/abs/2002.04745.
    """

    def __init__(self, num_heads, intermediate_dim, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.intermediate_dim = intermediate_dim
        self.dropout = dropout
        policy = self.dtype_policy
        self.attention_norm = layers.LayerNormalization(dtype=policy)
        self.feedforward_norm = layers.LayerNormalization(dtype=policy)
        self.widen = layers.Dense(intermediate_dim, activation="gelu", dtype=policy)
        self.drop = layers.Dropout(dropout, dtype=policy)

    def build(self, tokens_shape, token_mask_shape=None):
        width = tokens_shape[-1]
        self.attention = layers.MultiHeadAttention(
            self.num_heads,
            key_dim=width // self.num_heads,
            dropout=self.dropout,
            dtype=self.dtype_policy,
        )
        self.narrow = layers.Dense(width, dtype=self.dtype_policy)
        self.attention_norm.build(tokens_shape)
        self.attention.build(tokens_shape, tokens_shape)
        self.feedforward_norm.build(tokens_shape)
        self.widen.build(tokens_shape)
        self.narrow.build((*tokens_shape[:-1], self.intermediate_dim))

    def call(self, tokens, token_mask, training=None):
        x = self.attention_norm(tokens)
        x = self.attention(
            x, x, attention_mask=token_mask[:, None, :], training=training
        )
        tokens = tokens + self.drop(x, training=training)
        x = self.narrow(self.widen(self.feedforward_norm(tokens)))
        return tokens + self.drop(x, training=training)

    def compute_output_shape(self, tokens_shape, token_mask_shape=None):
        return tokens_shape

    def get_config(self):
        config = {
            "num_heads": self.num_heads,
            "intermediate_dim": self.intermediate_dim,
            "dropout": self.dropout,
        }
        return {**super().get_config(), **config}
