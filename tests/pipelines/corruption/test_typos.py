import numpy as np
import pytest
import tensorflow as tf
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.corruption.typos import (
    DELETE,
    INSERT,
    NONE,
    REPLACE,
    SWAP,
    add_typos,
    choose_others,
    mistype,
)
from pipelines.text import clean

SEED = tf.constant([3, 5], tf.int64)
KINDS = {"s": SWAP, "d": DELETE, "i": INSERT, "r": REPLACE, ".": NONE}


def points(text):
    return tf.constant([ord(character) for character in text], tf.int32)


@pytest.mark.parametrize(
    ("text", "errors", "typed"),
    [
        ("abc de", "......", "abc de"),
        ("abc de", "s.....", "bac de"),
        ("abc de", ".....s", "abc ed"),  # the last of a word goes back
        ("abc de", "..s...", "acb de"),
        ("abc de", "ss....", "acb de"),  # the second undoes the first
        ("abc de", "...s..", "abc de"),  # spaces are spared
        ("abc de", "d..d.d", "bc d"),
        ("abc de", "i....i", "a*bc de*"),
        ("abc de", ".r..r.", "a*c *e"),
        ("abc de", "rsid.i", "*cb* de*"),
        ("a bc", "s...", "* bc"),  # no neighbour to swap with
        ("ab", "dd", "ab"),  # something stays
        ("a b", "d.d", "a b"),
        ("", "", ""),
    ],
)
def test_errors_by_hand(text, errors, typed):
    kinds = tf.constant([KINDS[error] for error in errors], tf.int32)
    result = mistype(points(text), kinds, points("*" * len(text)))
    assert "".join(map(chr, result.numpy())) == typed


def test_latin_letters_become_neighbours_in_their_case_and_others_the_texts_own():
    text = "aQ1ж 字"
    hit = {
        tuple(choose_others(points(text), tf.fill([len(text)], chance)).numpy())
        for chance in np.linspace(0, 0.999, 40, dtype="float32")
    }
    columns = [{chr(point) for point in column} for column in zip(*hit, strict=True)]
    assert columns[0] == set("qwsz")
    assert columns[1] == set("12WA")
    assert columns[2] == set("2q")
    assert columns[3] == columns[5] == set("aQ1ж字")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.integers(0, 2**31), st.sampled_from([0, 20, 100]))
@example("ａ́ 👩‍👩‍👧 नमस्ते \U0010ffff", 1, 100)
@example(" ", 1, 100)
def test_any_text_stays_valid_and_none_becomes_empty(text, seed, percent):
    cleaned = clean(tf.constant(text.encode("utf-8", "replace"))).numpy()
    typed = add_typos(tf.constant(cleaned), percent, tf.constant([seed, 0], tf.int64))
    decoded = typed.numpy().decode("utf-8")  # raises where it is not valid
    assert bool(decoded.strip()) == bool(cleaned.strip())
    assert decoded.count(" ") == cleaned.decode().count(" ")
    if percent == 0:
        assert typed.numpy() == cleaned


def test_the_asked_share_of_characters_is_wrong():
    # One word of 8000 different characters that no keyboard has: those that were
    # left out or replaced are missing, a quarter of the errors each.
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 8000)))
    typed = add_typos(tf.constant(text.encode()), 10, SEED).numpy().decode()
    missing = len(set(text) - set(typed)) / 8000
    assert missing == pytest.approx(0.05, abs=0.01)
    assert len(typed) == pytest.approx(8000, abs=100)


def test_what_is_wrong_at_one_level_is_wrong_at_the_next():
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 500)))
    missing = [
        set(text)
        - set(add_typos(tf.constant(text.encode()), level, SEED).numpy().decode())
        for level in (5, 20)
    ]
    # A character that is left out may be put back in another's place.
    assert missing[0] and len(missing[0] - missing[1]) <= 5


def test_the_same_seed_eagerly_and_in_tf_data():
    text = "what a lovely day it was, really"
    dataset = tf.data.Dataset.from_tensors(text).map(lambda t: add_typos(t, 30, SEED))
    typed = add_typos(tf.constant(text), 30, SEED).numpy()
    assert next(iter(dataset)).numpy() == typed != text.encode()
    assert add_typos(tf.constant(text), 30, SEED + 1).numpy() != typed
