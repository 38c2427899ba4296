"""Images that a decoder finds broken, most of them not before the middle."""

import struct
import zlib

import numpy as np

from tests.pipelines.media_samples import image_bytes

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 30, 3))


def png_with_size(height: int, width: int) -> bytes:
    """A PNG that claims to be so large, sound up to there."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    crc = struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + crc


def jpeg_with_size(height: int, width: int) -> bytes:
    data = bytearray(image_bytes(PIXELS, format="JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def _flipped(data):
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


DAMAGED = {
    "no image": b"no image at all, whatever it may be",
    "png cut short": image_bytes(PIXELS)[:-200],
    "png flipped": _flipped(image_bytes(PIXELS)),
    "png header": image_bytes(PIXELS)[:20],
    "png empty": png_with_size(0, 7),
    "jpeg cut short": image_bytes(PIXELS, format="JPEG")[:-400],
    "jpeg header": image_bytes(PIXELS, format="JPEG")[:30],
    "gif cut short": image_bytes(PIXELS, format="GIF")[:-300],
    "bmp cut short": image_bytes(PIXELS, format="BMP")[:-300],
}

BOMBS = {
    "png": png_with_size(8001, 8000),
    "png beyond 32 bits": png_with_size(2**31 - 1, 2**31 - 1),
    "jpeg": jpeg_with_size(65500, 65500),
    "bmp": b"BM" + bytes(16) + struct.pack("<ii", 9000, -9000) + bytes(60),
    "gif": b"GIF89a" + struct.pack("<HH", 9000, 9000)
    + image_bytes(PIXELS, format="GIF")[10:],
}  # fmt: skip
"""Over 64 megapixels by their headers."""
