import struct
import zlib

import numpy as np
import pytest

from pipelines.containers import is_cut_short, is_plain_jpeg, is_plain_png
from tests.pipelines.media_samples import image_bytes, wav_bytes

GREY = np.full((8, 8, 3), 128)
JPEG = image_bytes(GREY, format="JPEG")
PNG = image_bytes(GREY)


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + word(zlib.crc32(kind + body))


def word(number):
    return struct.pack(">I", number)


def with_chunk(kind, body):
    return PNG[:-12] + chunk(kind, body) + PNG[-12:]


def png(*, compressed, width=1, height=1, depth=8, colour=0, interlace=0):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", compressed), chunk(b"IEND", b"")
    return PNG[:8] + b"".join(parts)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 100}])
def test_a_jpeg_without_metadata_is_plain(options):
    assert is_plain_jpeg(image_bytes(GREY, format="JPEG", **options))


@pytest.mark.parametrize(
    "data",
    [JPEG + b"\0", JPEG[:-2], JPEG[:2] + b"\xff\xe1\x00\x04ab" + JPEG[2:],
     JPEG[:2] + b"\xff\xfe\x00\x04ab" + JPEG[2:],
     JPEG.replace(b"\xff\xc0", b"\xff\xc9")],
)  # fmt: skip
def test_a_jpeg_with_more_or_less_is_not(data):
    assert data != JPEG
    assert not is_plain_jpeg(data)


def test_a_png_with_harmless_chunks_is_plain():
    assert is_plain_png(PNG)
    assert is_plain_png(with_chunk(b"pHYs", struct.pack(">IIB", 1, 1, 0)))
    assert is_plain_png(png(compressed=zlib.compress(b"\0\x80")))


@pytest.mark.parametrize(
    "data",
    [PNG + b"\0", PNG[:-1], with_chunk(b"tEXt", b"a\0b"), with_chunk(b"tRNS", b"ab"),
     PNG[:-1] + b"\0", png(compressed=zlib.compress(b"\0\x80"), interlace=1),
     png(compressed=zlib.compress(b"\0\x80\x80"), depth=16),
     png(compressed=zlib.compress(b"\0\x80\x80"), colour=4)],
)  # fmt: skip
def test_a_png_with_more_or_less_is_not(data):
    assert not is_plain_png(data)


@pytest.mark.parametrize("damage", [b"\0\x80\x80", b"\0"])
def test_a_png_of_another_size_than_it_says_is_not_plain(damage):
    assert not is_plain_png(png(compressed=zlib.compress(damage)))


def test_a_png_with_a_wrong_checksum_is_not_plain():
    compressed = zlib.compress(b"\0\x80")
    assert not is_plain_png(png(compressed=compressed[:-1] + b"\0"))


def test_a_wav_is_cut_short_from_the_first_missing_byte():
    data = wav_bytes([0.0, 0.5])
    assert not is_cut_short(data)
    assert not is_cut_short(data + b"more")
    assert is_cut_short(data[:-1])


def test_a_chunk_before_the_samples_is_stepped_over():
    data = wav_bytes([0.0, 0.5])
    odd = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    assert not is_cut_short(data[:12] + odd + data[12:])
    assert is_cut_short((data[:12] + odd + data[12:])[:-1])


def test_other_formats_are_not_judged():
    assert not is_cut_short(b"fLaC")
    assert not is_cut_short(b"")
