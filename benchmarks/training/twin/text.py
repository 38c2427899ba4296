"""The text encoder's twin."""

from torch import Tensor, nn
from transformers import BertConfig, BertModel


class TextEncoder(nn.Module):
    """transformers' BERT, its pooled output as the feature.

    Args:
        config: the text section of the model's config, as a dict.
    """

    def __init__(self, config: dict):
        super().__init__()
        self.width = config["hidden_dim"]
        self.bert = BertModel(
            BertConfig(
                vocab_size=config["vocabulary_size"],
                hidden_size=config["hidden_dim"],
                num_hidden_layers=config["num_layers"],
                num_attention_heads=config["num_heads"],
                intermediate_size=config["intermediate_dim"],
                # keras-hub's choice of the two usual forms.
                hidden_act="gelu_pytorch_tanh",
                hidden_dropout_prob=config["dropout"],
                attention_probs_dropout_prob=config["dropout"],
                max_position_embeddings=config["sequence_length"],
                layer_norm_eps=1e-12,
                attn_implementation="sdpa",
            )
        )

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Features (B, D) of `token_ids`, `segment_ids` and `padding_mask`."""
        return self.bert(
            input_ids=batch["token_ids"],
            token_type_ids=batch["segment_ids"],
            attention_mask=batch["padding_mask"],
        ).pooler_output
