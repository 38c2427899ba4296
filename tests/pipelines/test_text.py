import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from keras_hub.models import BertTextClassifierPreprocessor, BertTokenizer

from mmtf.errors import InputError
from pipelines.text import (
    SPECIAL_TOKENS,
    clean,
    learn_tokenizer,
    load_tokenizer,
    pack,
    preset_tokenizer,
    save_tokenizer,
)


@pytest.fixture(scope="module")
def tokenizer():
    return BertTokenizer(
        vocabulary=[*SPECIAL_TOKENS, "good", "bad", "movie", "##s"], lowercase=True
    )


CASES = {
    b"  two \t\n words ": "two words",
    "nai\u0308ve": "na\u00efve",
    "a\u00a0\u3000b\u2028c\x85d": "a b c d",
    "bell\x07 \x07ring": "bell ring",
    b"broken \xff byte": "broken \ufffd byte",
    b"": "",
    b" \x00 ": "",
}


def test_clean_eagerly_and_in_tf_data():
    dirty, expected = list(CASES), [text.encode() for text in CASES.values()]
    assert clean(tf.constant(dirty)).numpy().tolist() == expected
    mapped = tf.data.Dataset.from_tensor_slices(dirty).map(clean)
    assert list(mapped.as_numpy_iterator()) == expected


@given(st.lists(st.binary(max_size=20) | st.text(max_size=20), min_size=1, max_size=5))
def test_cleaning_twice_changes_nothing_more(texts):
    once = clean(tf.constant(texts))
    assert clean(once).numpy().tolist() == once.numpy().tolist()
    for text in once.numpy():
        assert text.decode("utf-8") == " ".join(text.decode("utf-8").split(" ")).strip()


def test_pack_by_hand(tokenizer):
    packed = pack(
        tf.constant(["good movies", ""]), tokenizer=tokenizer, sequence_length=6
    )
    assert packed["token_ids"].numpy().tolist() == [
        [2, 5, 7, 8, 3, 0],
        [2, 3, 0, 0, 0, 0],
    ]
    assert packed["padding_mask"].numpy().tolist() == [
        [1, 1, 1, 1, 1, 0],
        [1, 1, 0, 0, 0, 0],
    ]
    assert all(value.dtype == tf.int32 for value in packed.values())


def test_pack_equals_keras_hubs_preprocessor_eagerly_and_in_tf_data(tokenizer):
    texts = tf.constant(["good movies", "bad " * 20, "", "unknown words"])
    reference = BertTextClassifierPreprocessor(tokenizer, sequence_length=8)(texts)
    dataset = tf.data.Dataset.from_tensors(texts).map(
        lambda text: pack(text, tokenizer=tokenizer, sequence_length=8)
    )
    eager = pack(texts, tokenizer=tokenizer, sequence_length=8)
    for packed in (eager, next(iter(dataset))):
        for key, value in packed.items():
            np.testing.assert_array_equal(value, tf.cast(reference[key], tf.int32))


def test_a_learned_vocabulary_begins_with_the_special_tokens():
    texts = ["a good movie"] * 20 + ["a bad movie"] * 20 + [""]
    tokenizer = learn_tokenizer(texts, vocabulary_size=100, lowercase=True)
    vocabulary = tokenizer.get_vocabulary()
    assert tuple(vocabulary[:5]) == SPECIAL_TOKENS
    assert {"good", "bad", "movie"} <= set(vocabulary)
    assert len(vocabulary) <= 100


def test_learning_needs_a_word():
    with pytest.raises(InputError, match="at least one text.*--model.text.preset"):
        learn_tokenizer(["", ""], vocabulary_size=100, lowercase=True)


@pytest.mark.parametrize("lowercase", [True, False])
def test_a_tokenizer_comes_back_from_its_folder(tmp_path, lowercase):
    vocabulary = [*SPECIAL_TOKENS, "good", "Good"]
    saved = BertTokenizer(vocabulary=vocabulary, lowercase=lowercase)
    save_tokenizer(saved, str(tmp_path / "tokenizer"))
    loaded = load_tokenizer(str(tmp_path / "tokenizer"))
    assert list(loaded("Good")) == [5 if lowercase else 6]


def test_a_preset_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"`preset` must be.*nowhere"):
        preset_tokenizer(str(tmp_path / "nowhere"))
