"""What the bytes of a media file say about it, without decoding it."""

import re
import struct
import zlib

_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
# SOF0, SOF2, DHT, SOS, DQT, DRI, and the JFIF and Adobe headers.
_JPEG_MARKERS = (0xC0, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0, 0xEE)


def is_plain_jpeg(data: bytes) -> bool:
    """Whether a JPEG is baseline or progressive and carries no metadata.

    Metadata are EXIF, ICC, XMP, comments, and whatever follows the picture.
    """
    position = 2
    while marker := _JPEG_MARKER.search(data, position):
        kind = marker[1][0]
        if kind == 0xD9:  # End of image.
            return marker.end() == len(data)
        if kind not in _JPEG_MARKERS:
            return False
        length = data[marker.end() : marker.end() + 2]
        position = marker.end() + int.from_bytes(length, "big")
    return False


def is_plain_png(data: bytes) -> bool:
    """Whether a PNG is 8-bit grey or RGB, sound, and carries no metadata.

    Interlaced, animated and transparent ones are not plain.
    """
    position, compressed = 8, []
    while position + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + size
        body = data[position + 8 : end - 4]
        if data[end - 4 : end] != struct.pack(">I", zlib.crc32(kind + body)):
            return False
        if kind == b"IHDR":
            width, height, depth, colour, *methods = struct.unpack(">IIBBBBB", body)
            if depth != 8 or colour not in (0, 2) or any(methods):
                return False
        elif kind == b"IDAT":
            compressed.append(body)
        elif kind == b"IEND":
            num_bytes = height * (1 + width * (3 if colour else 1))
            return end == len(data) and _inflates_to(num_bytes, b"".join(compressed))
        elif kind not in (b"pHYs", b"sRGB", b"gAMA", b"cHRM", b"sBIT"):
            return False
        position = end
    return False


def _inflates_to(num_bytes, compressed):
    # Pillow does not look at the checksum; libpng, in TensorFlow, does.
    stream = zlib.decompressobj()
    try:
        pixels = stream.decompress(compressed, num_bytes + 1)
    except zlib.error:
        return False
    return stream.eof and len(pixels) == num_bytes and not stream.unused_data


def is_cut_short(data: bytes) -> bool:
    """Whether a WAV, AIFF or Ogg file ends before its own headers say.

    libsndfile reads on in such files; other formats it mostly checks itself.
    """
    if data[:4] == b"OggS":
        page = data.rfind(b"OggS")
        lengths = data[page + 27 :][: data[page + 26]]
        return page + 27 + len(lengths) + sum(lengths) > len(data)
    order = {b"RIFF": "<", b"FORM": ">"}.get(data[:4])
    position = 12
    while order and position + 8 <= len(data):
        kind, size = struct.unpack_from(f"{order}4sI", data, position)
        position += 8
        if kind in (b"data", b"SSND"):
            # A recorder that cannot seek back leaves a size near 2 or 4 GiB.
            return position + size > len(data) and size < 0x7FFF0000
        position += size + size % 2
    return False
