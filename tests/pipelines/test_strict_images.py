import numpy as np
import pytest
import tensorflow as tf

from pipelines.image import decode_image
from pipelines.strict_images import NAMED_ROWS, decode_or_fail
from tests.pipelines.damaged_images import BOMBS, DAMAGED, PIXELS
from tests.pipelines.media_samples import image_bytes

decode = tf.function(
    lambda image: decode_or_fail(image, size=8),
    input_signature=[tf.TensorSpec([None], tf.string)],
    autograph=False,
)
GOOD = image_bytes(PIXELS)


def refusal(*rows):
    with pytest.raises(tf.errors.InvalidArgumentError) as raised:
        decode(list(rows))
    return raised.value.message


@pytest.mark.parametrize("format", ["JPEG", "PNG", "BMP", "GIF"])
def test_pixels_are_what_training_sees(format):
    data = image_bytes(PIXELS, format=format)
    pixels, present = decode([data, b""])

    np.testing.assert_array_equal(pixels[0], decode_image(tf.constant(data), size=8))
    np.testing.assert_array_equal(pixels[1], np.zeros((8, 8, 3)))
    assert present.numpy().tolist() == [True, False]


@pytest.mark.parametrize("name", DAMAGED)
def test_a_broken_image_is_named_by_its_row(name):
    message = refusal(GOOD, b"", DAMAGED[name], GOOD)
    assert (
        "`image` must be a JPEG, PNG, BMP or GIF file, or empty. Received: " in message
        and "bytes in row 2." in message
    ) or "image_of_row_2" in message


def test_rows_beyond_those_with_a_name():
    broken = DAMAGED["png flipped"]
    assert f"image_of_row_{NAMED_ROWS - 1}/" in refusal(*[b""] * 31, broken)
    assert f"image_of_row_{NAMED_ROWS}_or_later/" in refusal(*[b""] * 50, broken)


@pytest.mark.parametrize("name", BOMBS)
def test_an_image_too_large_is_named_by_its_row(name):
    message = refusal(GOOD, BOMBS[name])
    assert "at most 64 megapixels. Received: " in message
    assert " pixels in row 1." in message


def test_no_pipeline_of_datasets_is_in_the_graph():
    graph = decode.get_concrete_function().graph.as_graph_def()
    nodes = [*graph.node, *(n for f in graph.library.function for n in f.node_def)]
    assert not [node.op for node in nodes if "Dataset" in node.op]


def test_eagerly_as_in_a_graph():
    rows = tf.constant([GOOD, b""])
    for eager, graph in zip(decode_or_fail(rows, size=8), decode(rows), strict=True):
        np.testing.assert_array_equal(eager, graph)
