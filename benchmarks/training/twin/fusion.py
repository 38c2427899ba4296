"""The attention fusion's twin.

Legend: B batch, M modalities (3), D width of the fusion.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# What Keras's layer normalisation has unless told otherwise.
_EPSILON = 1e-3
_MASKED = -1e9


class AttentionFusion(nn.Module):
    """Attention between the features present, then attentive pooling.

    Args:
        widths: of the features, by modality.
        config: the model's config, as a dict.
    """

    def __init__(self, widths: list[int], config: dict):
        super().__init__()
        dim = config["fusion_dim"]
        self.projections = nn.ModuleList(nn.Linear(width, dim) for width in widths)
        self.token_norm = nn.LayerNorm(dim, eps=_EPSILON)
        self.embedding = nn.Parameter(torch.zeros(len(widths), dim))
        self.layers = nn.ModuleList(
            TransformerLayer(dim, config["fusion_heads"], config["dropout"])
            for _ in range(config["fusion_layers"])
        )
        self.final_norm = nn.LayerNorm(dim, eps=_EPSILON)
        self.query = nn.Parameter(torch.zeros(dim))
        self.absent = nn.Parameter(torch.zeros(dim))

    def forward(self, features: list[Tensor], presence: Tensor) -> Tensor:
        """The fused vector (B, D) of features (B, D_m) and presence (B, M)."""
        tokens = [
            project(feature * presence[:, index, None])
            for index, (project, feature) in enumerate(
                zip(self.projections, features, strict=True)
            )
        ]
        tokens = self.token_norm(torch.stack(tokens, dim=1)) + self.embedding
        mask = torch.where(presence, 0.0, _MASKED)  # (B, M)
        for layer in self.layers:
            tokens = layer(tokens, mask)
        tokens = self.final_norm(tokens)
        scores = tokens @ self.query / self.query.shape[0] ** 0.5
        weights = F.softmax(scores + mask, dim=-1)
        vector = (weights[..., None] * tokens).sum(dim=1)
        return torch.where(presence.any(dim=-1, keepdim=True), vector, self.absent)


class TransformerLayer(nn.Module):
    """Self-attention and a feed-forward part, each normalised on its way in."""

    def __init__(self, dim: int, num_heads: int, dropout: float):
        super().__init__()
        self.num_heads, self.dropout = num_heads, dropout
        self.attention_norm = nn.LayerNorm(dim, eps=_EPSILON)
        self.feedforward_norm = nn.LayerNorm(dim, eps=_EPSILON)
        self.widen = nn.Linear(dim, 4 * dim)
        self.drop = nn.Dropout(dropout)
        self.query = nn.Linear(dim, dim)
        self.key = nn.Linear(dim, dim)
        self.value = nn.Linear(dim, dim)
        self.attention_output = nn.Linear(dim, dim)
        self.narrow = nn.Linear(4 * dim, dim)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Tokens (B, M, D); the mask (B, M) is added to the scores."""
        x = self.attention_norm(tokens)
        query, key, value = (
            project(x).unflatten(-1, (self.num_heads, -1)).transpose(1, 2)
            for project in (self.query, self.key, self.value)
        )
        x = F.scaled_dot_product_attention(
            query,
            key,
            value,
            attn_mask=mask[:, None, None, :],
            dropout_p=self.dropout if self.training else 0.0,
        )
        x = self.attention_output(x.transpose(1, 2).flatten(2))
        tokens = tokens + self.drop(x)
        x = self.narrow(F.gelu(self.widen(self.feedforward_norm(tokens))))
        return tokens + self.drop(x)
