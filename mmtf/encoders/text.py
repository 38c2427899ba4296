"""Text encoders: token ids and their mask to one feature vector.

Legend: B batch, L tokens, D width of the features.
"""

import keras
from keras import layers, ops

from mmtf.config import TextConfig
from mmtf.errors import InputError
from mmtf.layers import MaskedMean, TrimPadding


def bert(config: TextConfig) -> keras.Model:
    """BERT, its pooled [CLS] output as the feature.

    Sizes are those of the config with random weights, or, with `config.preset`,
    sizes and weights of that keras-hub preset or Hugging Face folder. The pooled
    output (a tanh layer on the last state of [CLS]) is what BERT's authors and
    keras-hub's `BertTextClassifier` hand to a classifier.

    Args:
        config: the text section of the model's config.

    Returns:
        Model from `token_ids`, `segment_ids` and `padding_mask`, each int (B, L),
        to features (B, D), where D is `hidden_dim`.

    Raises:
        InputError: `config.preset` is not a BERT that keras-hub can load, or is
            made for fewer tokens than `config.sequence_length`.

    Reference:
        Devlin et al. 2019, https://arxiv.org/abs/1810.04805, sections 3 and 4.1.
    """
    inputs = _token_inputs(config)
    backbone = _pretrained_bert(config) if config.preset else _random_bert(config)
    features = backbone(TrimPadding()(inputs, inputs["padding_mask"]))["pooled_output"]
    return keras.Model(inputs, features, name="text_encoder")


def birnn(config: TextConfig) -> keras.Model:
    """Bidirectional GRUs over learned embeddings, averaged over the tokens.

    As in BERT, the embedding of a token is the sum of its own and its segment's.

    Args:
        config: the text section of the model's config.

    Returns:
        Model from `token_ids`, `segment_ids` and `padding_mask`, each int (B, L),
        to features (B, D), where D is `2 * hidden_dim`, one half for each direction.
    """
    inputs = _token_inputs(config)
    token_mask = ops.not_equal(inputs["padding_mask"], 0)
    x = layers.Embedding(config.vocabulary_size, config.hidden_dim)(inputs["token_ids"])
    x = x + layers.Embedding(2, config.hidden_dim)(inputs["segment_ids"])
    x, token_mask = TrimPadding()([x, token_mask], token_mask)
    for _ in range(config.num_layers):
        x = layers.Dropout(config.dropout)(x)
        gru = layers.GRU(config.hidden_dim, return_sequences=True)
        x = layers.Bidirectional(gru)(x, mask=token_mask)  # (B, L, D)
    return keras.Model(inputs, MaskedMean()(x, token_mask), name="text_encoder")


def _token_inputs(config):
    shape, names = (
        (config.sequence_length,),
        ("token_ids", "segment_ids", "padding_mask"),
    )
    return {name: keras.Input(shape, dtype="int32", name=name) for name in names}


def _random_bert(config):
    from keras_hub.models import BertBackbone

    return BertBackbone(
        vocabulary_size=config.vocabulary_size,
        num_layers=config.num_layers,
        num_heads=config.num_heads,
        hidden_dim=config.hidden_dim,
        intermediate_dim=config.intermediate_dim,
        dropout=config.dropout,
        max_sequence_length=config.sequence_length,
        name="bert",
    )


def _pretrained_bert(config):
    from keras_hub.models import BertBackbone

    try:
        backbone = BertBackbone.from_preset(
            config.preset, dropout=config.dropout, name="bert"
        )
    except Exception as error:  # Each of the file readers underneath has its own.
        reason = str(error).partition("\n")[0]
        raise InputError(
            "`preset` must be a BERT preset of keras-hub, or a folder of Hugging "
            f"Face with one. Received: preset={config.preset!r}, of which keras-hub "
            f"says: {reason}"
        ) from error
    if config.sequence_length > backbone.max_sequence_length:
        raise InputError(
            f"`sequence_length` must be at most {backbone.max_sequence_length}, the "
            f"positions that preset {config.preset!r} has. Received: "
            f"sequence_length={config.sequence_length}."
        )
    return backbone
