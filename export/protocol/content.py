"""What stands in `tensor_content`: the bytes of a tensor in memory.

Numbers stand one after the other, little-endian. Of strings, all lengths come
first, as varints (EncodeStringList in tensorflow/core/platform/coding.cc).
"""

from collections.abc import Iterable

import numpy as np

_MAX_LENGTH = 2**32 - 1


def decode_numbers(data: bytes, dtype: np.dtype, count: int) -> np.ndarray:
    """Reads `count` numbers.

    Raises:
        ValueError: there are more or fewer, or a bool is neither 0 nor 1.
    """
    if len(data) != count * dtype.itemsize:
        raise ValueError(
            f"`tensor_content` must hold {count} values of {dtype.itemsize} bytes. "
            f"Received: {len(data)} bytes."
        )
    if dtype.kind == "b" and data.strip(b"\x00\x01"):
        raise ValueError("`tensor_content` of bools must hold bytes of 0 and 1 alone.")
    return np.frombuffer(data, dtype.newbyteorder("<")).astype(dtype)


def decode_strings(data: bytes, count: int) -> list[bytes]:
    """Reads `count` strings.

    Raises:
        ValueError: the lengths and the bytes do not go together.
    """
    lengths, position = [], 0
    # A length takes a byte at least, so a lying count ends the loop early.
    while len(lengths) < count:
        length, position = _decode_varint(data, position)
        lengths.append(length)
    if sum(lengths) != len(data) - position:
        raise ValueError(
            f"`tensor_content` must hold {sum(lengths)} bytes after the lengths of "
            f"its strings. Received: {len(data) - position} bytes."
        )
    strings = []
    for length in lengths:
        strings.append(data[position : position + length])
        position += length
    return strings


def encode_strings(strings: Iterable[bytes]) -> bytes:
    """Writes strings."""
    strings = list(strings)
    return b"".join([*(_encode_varint(len(string)) for string in strings), *strings])


def _decode_varint(data, position):
    value = shift = 0
    while position < len(data) and shift < 35:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value & _MAX_LENGTH, position
    raise ValueError("`tensor_content` must hold a length for each of its strings.")


def _encode_varint(value):
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
