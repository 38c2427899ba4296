"""The first frame of a GIF, in TensorFlow's core ops, for one file.

TensorFlow's decoder unpacks all frames before it takes the first. What those ask
for in memory is not known from the size of the file, so they are cut off before.

Source: CompuServe, GIF89a, sections 15 to 27.
"""

import tensorflow as tf

from pipelines.binary import num_bytes, uint8_at

MAX_STEPS = 2**14
"""Steps from block to block before a file counts as broken."""
FULL_BLOCKS = 64
"""As many full blocks are passed in one step."""

_EXTENSION, _FRAME = 0x21, 0x2C
_TRAILER = b"\x3b"
_AT_BLOCK, _IN_EXTENSION, _IN_FRAME, _DONE, _BROKEN = range(5)


def first_frame(data: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Cuts a GIF behind its first frame.

    Args:
        data: scalar string that starts with `GIF8`.

    Returns:
        The shorter GIF, and int64 (2,), the larger of the heights and of the widths
        of picture and frame, which bound the decoder's memory; zeros if there is no
        whole frame.
    """
    header = uint8_at(data, 0, 13)
    canvas = tf.stack([_uint16(header, 8), _uint16(header, 6)])
    end, size, state = _walk(data, 13 + _palette_bytes(header[10]), canvas)
    cut = tf.strings.join([tf.strings.substr(data, tf.zeros_like(end), end), _TRAILER])
    whole = tf.equal(state, _DONE) & (end <= num_bytes(data))
    return tf.where(whole, cut, data), tf.where(whole, size, 0)


def _walk(data, start, canvas):
    """Goes from block to block; gives the end of the first frame, and the size."""

    def is_walking(position, size, state):
        return (state < _DONE) & (position < num_bytes(data))

    def step(position, size, state):
        block = uint8_at(data, position, 256 * FULL_BLOCKS)
        at_block, kind = tf.equal(state, _AT_BLOCK), block[0]
        is_extension = at_block & tf.equal(kind, _EXTENSION)
        is_frame = at_block & tf.equal(kind, _FRAME)
        frame = tf.stack([_uint16(block, 7), _uint16(block, 5)])
        size = tf.where(is_frame, tf.maximum(frame, size), size)
        # A frame's palette is followed by the size of its codes.
        head = tf.where(is_frame, 11 + _palette_bytes(block[9]), 2)
        # Elsewhere there are sub-blocks: a count and so many bytes; 0 ends them.
        full = _count_full(block)
        inner = tf.where(full > 0, 256 * full, 1 + kind)
        position += tf.where(at_block, head, inner)
        after = tf.where(tf.equal(state, _IN_FRAME), _DONE, _AT_BLOCK)
        inside = tf.where(tf.equal(kind, 0), after, state)
        opened = tf.where(is_frame, _IN_FRAME, _IN_EXTENSION)
        opened = tf.where(is_frame | is_extension, opened, _BROKEN)
        return position, size, tf.where(at_block, opened, inside)

    return tf.while_loop(
        is_walking,
        step,
        (start, canvas, tf.constant(_AT_BLOCK)),
        maximum_iterations=MAX_STEPS,
    )


def _count_full(block):
    """How many sub-blocks of 255 bytes follow one another, int64."""
    is_full = tf.cast(block[::256] == 255, tf.int64)
    return tf.reduce_sum(tf.math.cumprod(is_full))


def _uint16(numbers, at):
    return numbers[at] + 256 * numbers[at + 1]


def _palette_bytes(flags):
    """Bytes of the palette that follows, by the packed field that announces it."""
    count = tf.bitwise.left_shift(tf.constant(2, tf.int64), flags % 8)
    return tf.where(flags >= 128, 3 * count, 0)
