"""Typing errors in texts of any language, in TensorFlow ops.

A character is a code point, so that the result is valid UTF-8 whatever the script.
Source: Belinkov and Bisk, Synthetic and Natural Noise Both Break Neural Machine
Translation (ICLR 2018), section 3.1. They put one kind of error into every word;
here each character may get an error of any kind. Legend: n characters.
"""

import numpy as np
import tensorflow as tf

from pipelines.corruption.keyboard import NEIGHBOURS, NUM_NEIGHBOURS

ERRORS = NONE, SWAP, DELETE, INSERT, REPLACE = range(5)
"""What may become of a character: it swaps places with the next one of its word
(the last of a word with the one before), is left out, is followed by another, or
is replaced by another."""

_SPACE = ord(" ")


def add_typos(text: tf.Tensor, percent: float, seed: tf.Tensor) -> tf.Tensor:
    """Puts errors into a text; each of the four kinds is as likely as the others.

    Which characters are wrong at 5 percent are wrong at 10 percent too, and in the
    same way. Spaces stay, and a text never becomes empty.

    Args:
        text: scalar string, cleaned (`pipelines.text.clean`) UTF-8.
        percent: chance in percent of each character that is no space.
        seed: int64 (2,).

    Returns:
        Scalar string.
    """
    characters = tf.strings.unicode_decode(text, "UTF-8")
    seeds = tf.random.split(seed, 3)
    count = tf.shape(characters)
    wrong = tf.random.stateless_uniform(count, seeds[0]) < percent / 100
    errors = tf.random.stateless_uniform(
        count, seeds[1], minval=SWAP, maxval=len(ERRORS), dtype=tf.int32
    )
    others = choose_others(characters, tf.random.stateless_uniform(count, seeds[2]))
    typed = mistype(characters, tf.where(wrong, errors, NONE), others)
    return tf.strings.unicode_encode(typed, "UTF-8")


def mistype(characters: tf.Tensor, errors: tf.Tensor, others: tf.Tensor) -> tf.Tensor:
    """Applies one error to each character.

    Args:
        characters: code points, int32 (n,).
        errors: `ERRORS`, int32 (n,). Spaces are spared, letters that are a word of
            their own are replaced where they should swap, and nothing is left out
            if nothing would be left.
        others: code points that are inserted, or put in the character's place.

    Returns:
        Code points, int32 (m,).
    """
    space = characters == _SPACE
    first = ~space & tf.concat([[True], space[:-1]], 0)[: tf.size(space)]
    last = ~space & tf.concat([space[1:], [True]], 0)[: tf.size(space)]
    errors = tf.where(space, NONE, errors)
    errors = tf.where((errors == SWAP) & first & last, REPLACE, errors)
    remains = tf.reduce_any(~space & (errors != DELETE))
    kept = (errors != DELETE) | ~remains
    inserted = errors == INSERT

    # Characters are sorted by where they go: past a neighbour is 1.5 places away.
    places = tf.cast(tf.range(tf.size(characters)), tf.float32)
    moved = places + tf.where(errors == SWAP, tf.where(last, -1.5, 1.5), 0.0)
    typed = tf.where(errors == REPLACE, others, characters)
    places = tf.concat([moved[kept], places[inserted] + 0.5], 0)
    typed = tf.concat([typed[kept], others[inserted]], 0)
    return tf.gather(typed, tf.argsort(places, stable=True))


def choose_others(characters: tf.Tensor, chance: tf.Tensor) -> tf.Tensor:
    """What the finger hits instead of each character.

    Args:
        characters: code points, int32 (n,).
        chance: float32 (n,), uniform in [0, 1).

    Returns:
        Code points, int32 (n,): a neighbouring key on a QWERTY keyboard, in the
        same case, for Latin letters and digits; for all else, whose keyboard we do
        not know, a character of the same text.
    """
    upper = (characters >= ord("A")) & (characters <= ord("Z"))
    key = tf.where(upper, characters + 32, characters)
    key = tf.where(key < len(NEIGHBOURS), key, 0)
    count = tf.gather(NUM_NEIGHBOURS, key)
    beside = tf.gather(NEIGHBOURS, key)
    beside = tf.gather(beside, _pick(chance, count), batch_dims=1)
    beside = tf.where(upper & (beside >= ord("a")), beside - 32, beside)
    letters = characters[characters != _SPACE]
    # A text of nothing but spaces has no letters, nor use for them.
    letters = tf.concat([letters, tf.fill([1], _SPACE)], 0)
    drawn = tf.gather(letters, _pick(chance, tf.maximum(tf.size(letters) - 1, 1)))
    return tf.where(count > 0, beside, drawn)


def _pick(chance, count):
    return tf.cast(chance * tf.cast(count, tf.float32), np.int32)
