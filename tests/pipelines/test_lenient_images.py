import numpy as np
import pytest
import tensorflow as tf

from pipelines.image import decode_image
from pipelines.lenient_images import decode_or_drop
from tests.pipelines.damaged_images import BOMBS, DAMAGED, PIXELS
from tests.pipelines.media_samples import image_bytes

decode = tf.function(
    lambda image: decode_or_drop(image, size=8),
    input_signature=[tf.TensorSpec([None], tf.string)],
    autograph=False,
)
GOOD = image_bytes(PIXELS)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "BMP", "GIF"])
def test_pixels_are_what_training_sees(format):
    data = image_bytes(PIXELS, format=format)
    pixels, present = decode([data, b""])

    np.testing.assert_array_equal(pixels[0], decode_image(tf.constant(data), size=8))
    assert present.numpy().tolist() == [True, False]


@pytest.mark.parametrize("name", DAMAGED)
def test_a_broken_image_is_absent_and_its_neighbours_are_not(name):
    pixels, present = decode([GOOD, DAMAGED[name], b"", GOOD])

    assert present.numpy().tolist() == [True, False, False, True]
    np.testing.assert_array_equal(pixels[1:3], np.zeros((2, 8, 8, 3)))
    np.testing.assert_array_equal(pixels[0], pixels[3])
    assert pixels[0].numpy().max() > 100


@pytest.mark.parametrize("rows", [[b""], [b"broken"] * 3, [b"", b"broken"]])
def test_no_row_need_have_an_image(rows):
    pixels, present = decode(rows)
    assert pixels.shape == (len(rows), 8, 8, 3)
    assert not present.numpy().any()


@pytest.mark.parametrize("name", BOMBS)
def test_an_image_too_large_is_refused_all_the_same(name):
    with pytest.raises(tf.errors.InvalidArgumentError, match="64 megapix.* in row 2"):
        decode([GOOD, b"broken", BOMBS[name]])


def test_eagerly_as_in_a_graph():
    rows = tf.constant([GOOD, b"broken", b""])
    for eager, graph in zip(decode_or_drop(rows, size=8), decode(rows), strict=True):
        np.testing.assert_array_equal(eager, graph)
