import numpy as np
import pytest
import tensorflow as tf

from pipelines import limits


def refusal(check, *rows):
    with pytest.raises(tf.errors.InvalidArgumentError) as raised:
        check(*rows)
    return raised.value.message


def test_what_keeps_the_rule_passes():
    limits.refuse_long_texts(tf.constant(["x" * limits.MAX_TEXT_BYTES, ""]))
    limits.refuse_long_audio(tf.constant([3600.0, 0.0], tf.float64))
    limits.refuse_large_images(tf.constant([[8000, 8000], [0, 2**32]], tf.int64))


def test_a_long_text_is_named_by_its_row():
    text = tf.constant(["", "x" * (limits.MAX_TEXT_BYTES + 1)])
    assert "`text` must have at most 1048576 bytes. Received: 1048577 in row 1." in (
        refusal(limits.refuse_long_texts, text)
    )


def test_a_long_claim_is_named_by_its_row():
    seconds = tf.constant([36000.4, 3601.0], tf.float64)
    assert (
        "`audio` must last at most 3600 seconds. Received: a header that claims 36000 "
        "seconds in row 0." in refusal(limits.refuse_long_audio, seconds)
    )


@pytest.mark.parametrize("size", [[8000, 8001], [2**32 - 1, 2**32 - 1]])
def test_a_large_image_is_named_by_its_row(size):
    sizes = tf.constant([[1, 1], [0, 0], size], tf.int64)
    message = refusal(limits.refuse_large_images, sizes)
    assert "`image` must have at most 64 megapixels. Received: " in message
    assert f"{size[0]} x {size[1]} pixels in row 2." in message


def test_sizes_are_judged_row_by_row():
    sizes = tf.constant([[8000, 8000], [1, 64_000_001]], tf.int64)
    np.testing.assert_array_equal(limits.is_large(sizes), [False, True])
