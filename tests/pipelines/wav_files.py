"""WAV files put together chunk by chunk, sound and broken ones."""

import struct

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")


def chunk(name: bytes, body: bytes, *, size: int | None = None) -> bytes:
    """A chunk with its padding; `size` is what it says instead of the truth."""
    stated = len(body) if size is None else size
    return struct.pack("<4sI", name, stated) + body + b"\0" * (len(body) % 2)


def riff(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def format_chunk(*, tag=PCM, channels=1, rate_hz=16000, bits=16, extensible=False):
    width = channels * ((bits + 7) // 8)
    fields = struct.pack("<HIIHH", channels, rate_hz, rate_hz * width, width, bits)
    if not extensible:
        return chunk(b"fmt ", struct.pack("<H", tag) + fields)
    guid = struct.pack("<H", tag) + GUID_TAIL
    extension = struct.pack("<HHI", 22, bits, 0) + guid
    return chunk(b"fmt ", struct.pack("<H", EXTENSIBLE) + fields + extension)


def pcm16(*samples: int) -> bytes:
    return struct.pack(f"<{len(samples)}h", *samples)
