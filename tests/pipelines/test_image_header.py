import io
import struct

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipelines.image_header import (
    BMP,
    GIF,
    JPEG,
    NO_FORMAT,
    PNG,
    image_format,
    jpeg_shape,
    open_image,
)  # fmt: skip
from tests.pipelines.media_samples import image_bytes

PIXELS = np.full((4, 9, 3), 100)


@tf.function(input_signature=[tf.TensorSpec([], tf.string)], autograph=False)
def size_of(data):
    kind = image_format(data)
    return open_image(data, kind, jpeg_shape(data, kind))[1]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "BMP", "GIF"])
def test_the_size_is_height_and_width(format):
    assert size_of(image_bytes(PIXELS, format=format)).numpy().tolist() == [4, 9]


def test_formats_are_told_by_their_first_bytes():
    rows = [image_bytes(PIXELS, format=f) for f in ("JPEG", "PNG", "GIF", "BMP")]
    kinds = image_format(tf.constant([*rows, b"", b"text"]))
    assert kinds.numpy().tolist() == [JPEG, PNG, GIF, BMP, NO_FORMAT, NO_FORMAT]


def test_webp_is_none_since_older_servers_cannot_read_it():
    file = io.BytesIO()
    Image.fromarray(PIXELS.astype("uint8")).save(file, "WEBP")
    assert image_format(tf.constant(file.getvalue())) == NO_FORMAT
    assert size_of(file.getvalue()).numpy().tolist() == [0, 0]


def test_a_progressive_jpeg_has_its_size_too():
    data = image_bytes(PIXELS, format="JPEG", progressive=True)
    assert size_of(data).numpy().tolist() == [4, 9]


def test_a_bitmap_may_start_at_its_top():
    data = bytearray(image_bytes(PIXELS, format="BMP"))
    data[22:26] = struct.pack("<i", -4)
    assert size_of(bytes(data)).numpy().tolist() == [4, 9]


def test_a_size_may_need_all_32_bits():
    data = bytearray(image_bytes(PIXELS))
    data[16:24] = struct.pack(">II", 2**32 - 1, 2**31)
    assert size_of(bytes(data)).numpy().tolist() == [2**31, 2**32 - 1]


def test_a_jpeg_with_a_damaged_header_raises():
    with pytest.raises(tf.errors.InvalidArgumentError, match="Invalid JPEG"):
        size_of(b"\xff\xd8\xff and no more")


@settings(deadline=None)
@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b""]), st.binary())
def test_no_other_bytes_raise(magic, data):
    assert (size_of(magic + data).numpy() >= 0).all() or data.startswith(b"\xff\xd8")
