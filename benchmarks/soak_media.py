"""Media that no client should send: broken, huge, or larger inside than outside."""

import functools
import io
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from mmtf.features import AUDIO, IMAGE, TEXT

_BOMB_SIDE = 20_000
_LARGE_IMAGE_SIDE = 4_100
_LONG_TEXT_BYTES = 100_000_000
_HOURS = 10


@dataclass(frozen=True)
class BadMedia:
    """A way to spoil a row.

    Attributes:
        name: what is wrong with it.
        weight: how often it is sent, beside the others; what is huge comes rarely.
        spoil: takes randomness and the row, and gives what replaces a part of it.
    """

    name: str
    weight: float
    spoil: Callable[[random.Random, dict], dict]


def _truncated(modality):
    def spoil(chance, row):
        data = row[modality]
        return {modality: data[: chance.randrange(1, len(data))]}

    return spoil


def _scrambled(modality):
    def spoil(chance, row):
        data = bytearray(row[modality])
        for _ in range(50):
            data[chance.randrange(len(data))] = chance.randrange(256)
        return {modality: bytes(data)}

    return spoil


def _replaced(modality, make):
    return lambda chance, row: {modality: make(chance)}


def _noise(chance):
    return chance.randbytes(chance.randrange(1, 5000))


@functools.cache
def png_bomb() -> bytes:
    """A small PNG that unpacks to 400 megapixels."""
    file = io.BytesIO()
    Image.new("1", (_BOMB_SIDE, _BOMB_SIDE)).save(file, "PNG")
    return file.getvalue()


@functools.cache
def large_image() -> bytes:
    """A valid picture of 50 MB, which is 17 megapixels."""
    file = io.BytesIO()
    Image.effect_noise((64, 64), 90).resize(
        (_LARGE_IMAGE_SIDE, _LARGE_IMAGE_SIDE)
    ).convert("RGB").save(file, "BMP")
    return file.getvalue()


def endless_wav() -> bytes:
    """A recording whose header promises ten hours."""
    num_bytes = _HOURS * 3600 * 16000 * 2
    form = struct.pack("<HHIIHH", 1, 1, 16000, 32000, 2, 16)
    return (
        b"RIFF" + struct.pack("<I", 36 + num_bytes) + b"WAVEfmt "
        + struct.pack("<I", len(form)) + form
        + b"data" + struct.pack("<I", num_bytes) + bytes(32000)
    )  # fmt: skip


@functools.cache
def long_text() -> bytes:
    """A text of 100 MB."""
    return b"not bad " * (_LONG_TEXT_BYTES // 8)


BAD_MEDIA = (
    BadMedia("truncated image", 10, _truncated(IMAGE)),
    BadMedia("truncated audio", 10, _truncated(AUDIO)),
    BadMedia("scrambled image", 10, _scrambled(IMAGE)),
    BadMedia("scrambled audio", 10, _scrambled(AUDIO)),
    BadMedia("noise for an image", 10, _replaced(IMAGE, _noise)),
    BadMedia("noise for audio", 10, _replaced(AUDIO, _noise)),
    BadMedia("noise for text", 10, _replaced(TEXT, _noise)),
    BadMedia("endless WAV", 5, _replaced(AUDIO, lambda _: endless_wav())),
    BadMedia("PNG bomb", 5, _replaced(IMAGE, lambda _: png_bomb())),
    BadMedia("50 MB image", 0.5, _replaced(IMAGE, lambda _: large_image())),
    BadMedia("100 MB text", 0.5, _replaced(TEXT, lambda _: long_text())),
)
