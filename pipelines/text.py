"""Text: cleaning, the WordPiece tokenizer, and packing into token ids.

Everything here runs in TensorFlow ops, eagerly, inside tf.data and inside the
served graph alike. Legend: B batch, L tokens.
"""

import json
import os
from collections.abc import Iterable

import keras
import tensorflow as tf
import tensorflow_text as tf_text
from keras_hub.layers import StartEndPacker
from keras_hub.models import BertTokenizer
from keras_hub.tokenizers import compute_word_piece_vocabulary

from mmtf.errors import InputError

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def clean(text: tf.Tensor) -> tf.Tensor:
    """Unicode NFC, whitespace collapsed and trimmed, control characters removed.

    Cleaning twice changes nothing more, so shards hold cleaned text and the
    served model cleans what it is sent.

    Args:
        text: UTF-8 strings of any shape; malformed bytes become U+FFFD.

    Returns:
        Strings of the same shape.
    """
    text = tf.strings.unicode_transcode(text, "UTF-8", "UTF-8", errors="replace")
    text = tf.strings.regex_replace(text, r"[\p{Z}\t\n\v\f\r\x{85}]+", " ")
    text = tf.strings.regex_replace(text, r"\p{Cc}", "")
    # A removed character may have stood between two spaces.
    text = tf.strings.regex_replace(text, " {2,}", " ")
    return tf.strings.strip(tf_text.normalize_utf8(text, "NFC"))


def learn_tokenizer(
    texts: Iterable[str] | tf.data.Dataset, *, vocabulary_size: int, lowercase: bool
) -> BertTokenizer:
    """Learns a WordPiece vocabulary.

    Args:
        texts: cleaned texts, as strings or as a dataset of scalar strings.
        vocabulary_size: most entries; fewer when the texts hold fewer pieces.
        lowercase: whether case is folded before splitting.

    Returns:
        A tokenizer whose first entries are BERT's special tokens.

    Raises:
        InputError: there is no word to learn from.
    """
    if not isinstance(texts, tf.data.Dataset):
        texts = tf.data.Dataset.from_tensor_slices(list(texts))
    words = texts.filter(lambda text: tf.strings.length(text) > 0)
    if words.take(1).reduce(0, lambda count, _: count + 1) == 0:
        raise InputError(
            "A vocabulary must be learned from at least one text. Received: a "
            "training split with none. Give a `--model.text.preset`."
        )
    vocabulary = compute_word_piece_vocabulary(
        words.batch(1024),
        vocabulary_size,
        lowercase=lowercase,
        reserved_tokens=list(SPECIAL_TOKENS),
    )
    return BertTokenizer(vocabulary=vocabulary, lowercase=lowercase)


def wordless_tokenizer() -> BertTokenizer:
    """A tokenizer that knows no word: for a model that is built without text."""
    return BertTokenizer(vocabulary=list(SPECIAL_TOKENS))


def preset_tokenizer(preset: str) -> BertTokenizer:
    """The tokenizer of a keras-hub preset or a Hugging Face folder.

    Raises:
        InputError: no such preset could be opened.
    """
    try:
        return BertTokenizer.from_preset(preset)
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(
            "`preset` must be a keras-hub BERT preset, or a folder in its format or "
            f"Hugging Face's. Received: {preset!r}, which could not be opened "
            f"({reason})."
        ) from error


def save_tokenizer(tokenizer: BertTokenizer, folder: str) -> None:
    """Writes the tokenizer's settings and vocabulary to a folder."""
    os.makedirs(folder, exist_ok=True)
    tokenizer.save_to_preset(folder)


def load_tokenizer(folder: str) -> BertTokenizer:
    """Reads what `save_tokenizer` wrote; the preset itself is not needed."""
    with open(os.path.join(folder, "tokenizer.json"), encoding="utf-8") as file:
        tokenizer = keras.saving.deserialize_keras_object(json.load(file))
    tokenizer.load_assets(os.path.join(folder, "assets", "tokenizer"))
    return tokenizer


def pack(
    text: tf.Tensor, *, tokenizer: BertTokenizer, sequence_length: int
) -> dict[str, tf.Tensor]:
    """Tokenizes texts as one BERT segment each: [CLS] tokens [SEP] padding.

    keras-hub's `BertTextClassifierPreprocessor` gives the same but trims with an
    op (`RoundRobinTrim`) that TensorFlow Serving before 2.20 does not have.

    Args:
        text: (B,) cleaned strings.
        tokenizer: gives pieces and special tokens.
        sequence_length: L.

    Returns:
        `token_ids`, `padding_mask` and `segment_ids`, int32 (B, L).
    """
    packer = StartEndPacker(
        sequence_length=sequence_length,
        start_value=tokenizer.cls_token_id,
        end_value=tokenizer.sep_token_id,
        pad_value=tokenizer.pad_token_id,
        return_padding_mask=True,
    )
    token_ids, padding_mask = packer(tokenizer(text))
    return {
        "token_ids": tf.cast(token_ids, tf.int32),
        "padding_mask": tf.cast(padding_mask, tf.int32),
        "segment_ids": tf.zeros_like(token_ids, tf.int32),
    }
