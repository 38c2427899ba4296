"""Random changes to training rows, from explicit stateless seeds.

A row is changed by its own seed alone, so that the same seed gives the same
batches however many threads work. Legend: H, W pixels, T samples.
"""

import tensorflow as tf

MAX_SHIFT = 0.1
"""Largest shift of an image, as a share of its side."""
MAX_BRIGHTNESS = 25.0
CONTRAST = (0.8, 1.25)
GAIN_DB = (-6.0, 6.0)
MAX_DELAY_SECONDS = 0.1
WORD_DROPOUT = 0.1
"""Chance that a token is replaced by [MASK]."""


def augment_media(row: dict[str, tf.Tensor], seed, *, sample_rate_hz: int) -> dict:
    """Changes the image and the waveform of one row, those of them that it holds.

    Args:
        row: may hold `image` (H, W, 3), and `waveform` (T,) with `waveform_length`.
        seed: int (2,).
        sample_rate_hz: of the waveform.

    Returns:
        The row with image and waveform changed; all else is as it was, and
        zeros beyond the waveform's end stay zeros.
    """
    seeds = tf.random.split(seed, 2)
    row = dict(row)
    if "image" in row:
        row["image"] = augment_image(row["image"], seeds[0])
    if "waveform" in row:
        row["waveform"], row["waveform_length"] = augment_waveform(
            row["waveform"],
            row["waveform_length"],
            seeds[1],
            max_delay=round(MAX_DELAY_SECONDS * sample_rate_hz),
        )
    return row


def augment_image(image: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Mirrors, shifts, brightens and contrasts an image of values in [0, 255]."""
    seeds = tf.random.split(seed, 4)
    image = tf.image.stateless_random_flip_left_right(image, seeds[0])
    image = shift_image(image, seeds[1])
    image = tf.image.stateless_random_brightness(image, MAX_BRIGHTNESS, seeds[2])
    image = tf.image.stateless_random_contrast(image, *CONTRAST, seeds[3])
    return tf.clip_by_value(image, 0.0, 255.0)


def shift_image(image: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Moves an image by up to `MAX_SHIFT` each way; its border is mirrored.

    The same as cutting at random from a padded image, without the padded image.
    """
    height, width = tf.shape(image)[0], tf.shape(image)[1]
    margin = tf.cast(MAX_SHIFT * tf.cast(height, tf.float32), tf.int32)
    # As tf.image.stateless_random_crop draws.
    drawn = tf.random.stateless_uniform(
        (3,), seed, minval=0, maxval=tf.int32.max, dtype=tf.int32
    )
    down, right = tf.unstack(drawn[:2] % (2 * margin + 1) - margin)
    shape = image.shape
    rows = tf.abs(tf.range(height) + down)
    image = tf.gather(image, tf.minimum(rows, 2 * (height - 1) - rows))
    left, over = tf.maximum(-right, 0), tf.maximum(right, 0)
    mirrored = [
        tf.reverse(image[:, 1 : left + 1], [1]),
        image[:, over : width - left],
        tf.reverse(image[:, width - 1 - over : width - 1], [1]),
    ]
    return tf.ensure_shape(tf.concat(mirrored, axis=1), shape)


def augment_waveform(
    waveform: tf.Tensor, length: tf.Tensor, seed: tf.Tensor, *, max_delay: int
) -> tuple[tf.Tensor, tf.Tensor]:
    """Scales a waveform and starts it a little later; returns its new length too."""
    seeds = tf.random.split(seed, 2)
    gain_db = tf.random.stateless_uniform((), seeds[0], *GAIN_DB)
    room = tf.minimum(max_delay, tf.size(waveform) - length)
    delay = tf.random.stateless_uniform(
        (), seeds[1], maxval=room + 1, dtype=tf.int32, minval=0
    )
    delay = tf.where(length > 0, delay, 0)
    waveform = tf.roll(waveform, delay, axis=0) * 10.0 ** (gain_db / 20.0)
    return tf.clip_by_value(waveform, -1.0, 1.0), length + delay


def drop_words(
    batch: dict[str, tf.Tensor], seed, *, mask_id: int, special_ids: list[int]
) -> dict:
    """Replaces each token but the special ones by [MASK] at `WORD_DROPOUT`.

    Args:
        batch: holds `token_ids` (B, L).
        seed: int (2,).
        mask_id: what a dropped token becomes.
        special_ids: tokens that stay.
    """
    ids = batch["token_ids"]
    special = tf.reduce_any(ids[..., None] == tf.constant(special_ids), axis=-1)
    chance = tf.random.stateless_uniform(tf.shape(ids), seed)
    dropped = (chance < WORD_DROPOUT) & ~special
    return {**batch, "token_ids": tf.where(dropped, mask_id, ids)}
