"""What one row may ask for, and how a request that asks for more is refused.

A request is refused before memory is spent on it, whatever is done about broken
media. Legend: B rows.
"""

import tensorflow as tf

MAX_TEXT_BYTES = 2**20
"""Cleaning and splitting a text of this size takes half a second and 80 MB."""
MAX_IMAGE_PIXELS = 64_000_000
"""192 MB when decoded."""
MAX_AUDIO_SECONDS = 3600


def refuse(
    broken: tf.Tensor, rule: str, received: tf.Tensor | str
) -> tf.Operation | None:
    """Fails if any row breaks a rule, with a message about the first one.

    Args:
        broken: bool (B,), B being 1 or more.
        rule: a sentence.
        received: what each row holds instead, string (B,) or one for all.

    Returns:
        The operation that others must wait for; None when run eagerly.

    Raises:
        tf.errors.InvalidArgumentError: the message has the rule, what was
            received, and the number of the row.
    """
    row = tf.argmax(broken)
    received = tf.broadcast_to(received, tf.shape(broken))[row]
    number = tf.strings.as_string(row)
    message = tf.strings.join([rule, " Received: ", received, " in row ", number, "."])
    return tf.debugging.Assert(~tf.reduce_any(broken), [message])


def refuse_long_texts(text: tf.Tensor) -> tf.Operation | None:
    """Refuses strings (B,) of which one is longer than `MAX_TEXT_BYTES`."""
    size = tf.strings.length(text)
    return refuse(
        size > MAX_TEXT_BYTES,
        f"`text` must have at most {MAX_TEXT_BYTES} bytes.",
        tf.strings.as_string(size),
    )


def refuse_long_audio(claimed_seconds: tf.Tensor) -> tf.Operation | None:
    """Refuses headers (B,) of which one claims more than `MAX_AUDIO_SECONDS`."""
    seconds = tf.strings.as_string(claimed_seconds, precision=0)
    return refuse(
        claimed_seconds > MAX_AUDIO_SECONDS,
        f"`audio` must last at most {MAX_AUDIO_SECONDS} seconds.",
        tf.strings.join(["a header that claims ", seconds, " seconds"]),
    )


def is_large(size: tf.Tensor) -> tf.Tensor:
    """Whether heights and widths, int64 (..., 2), have too many pixels."""
    # As floats, since the product of two 32-bit numbers may overflow.
    return tf.reduce_prod(tf.cast(size, tf.float64), axis=-1) > MAX_IMAGE_PIXELS


def refuse_large_images(size: tf.Tensor) -> tf.Operation | None:
    """Refuses heights and widths, int64 (B, 2), with too many pixels."""
    height, width = tf.unstack(tf.strings.as_string(size), axis=-1)
    return refuse(
        is_large(size),
        f"`image` must have at most {MAX_IMAGE_PIXELS // 10**6} megapixels.",
        tf.strings.join([height, " x ", width, " pixels"]),
    )
