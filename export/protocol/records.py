"""TFRecord files without TensorFlow."""

import os
import struct
from collections.abc import Iterator

import google_crc32c

_HEADER = struct.Struct("<QI")
_FOOTER = struct.Struct("<I")


def read_records(path: str) -> Iterator[bytes]:
    """Reads the records of a TFRecord file one by one.

    A record is its length (8 bytes, little-endian), the length's masked
    CRC-32C, the data, and the data's masked CRC-32C
    (tensorflow/core/lib/io/record_writer.h).

    Args:
        path: an uncompressed file on this machine.

    Yields:
        The data of each record.

    Raises:
        ValueError: the file is cut short, or a checksum does not match.
        OSError: the file cannot be read.
    """
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        while (start := file.tell()) < size:
            header = _read(path, file, _HEADER.size, size)
            length, checksum = _HEADER.unpack(header)
            _check(path, start, header[:8], checksum)
            data = _read(path, file, length, size)
            _check(path, start, data, *_FOOTER.unpack(_read(path, file, 4, size)))
            yield data


def _read(path, file, count, size):
    if file.tell() + count > size:
        raise ValueError(
            f"A TFRecord file must end with a record. {path!r} is cut short."
        )
    return file.read(count)


def _check(path, start, data, checksum):
    crc = google_crc32c.value(data)
    masked = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
    if masked != checksum:
        raise ValueError(
            f"A record must match its checksum. The one at byte {start} of {path!r} "
            "does not; the file is damaged or no TFRecord file."
        )
