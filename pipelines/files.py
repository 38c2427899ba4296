"""Files by path or URI: Python opens those of this machine, TensorFlow the rest.

TensorFlow is imported for URIs alone, since clients have none.
"""

import io
import os
from typing import BinaryIO


def is_file(path: str) -> bool:
    """Whether there is a file, and not a folder.

    Raises:
        OSError: nothing can be known about it, such as for an unknown scheme.
    """
    if _is_local(path):
        return os.path.isfile(path)
    gfile = _gfile()
    return _mended(gfile.exists, path) and not _mended(gfile.isdir, path)


def open_file(path: str) -> BinaryIO:
    """Opens a file to be read, with a buffer.

    Raises:
        OSError: it cannot be opened; reading may raise it, too.
    """
    if _is_local(path):
        return open(path, "rb")
    return io.BufferedReader(_RemoteFile(path), buffer_size=1 << 20)


def _is_local(path):
    return "://" not in path


def _gfile():
    import tensorflow as tf

    return tf.io.gfile


def _mended(function, *args):
    """Calls a function of gfile; its errors become OSErrors."""
    import tensorflow as tf

    try:
        return function(*args)
    except tf.errors.OpError as error:
        raise OSError(error.message) from error


class _RemoteFile(io.RawIOBase):
    """A file of tf.io.gfile as Python's own buffers and pyarrow expect it."""

    def __init__(self, path):
        self._file = _gfile().GFile(path, "rb")

    def readable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, buffer):
        data = _mended(self._file.read, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset, whence=io.SEEK_SET):
        _mended(self._file.seek, offset, whence)
        return self._file.tell()

    def tell(self):
        return self._file.tell()

    def close(self):
        self._file.close()
        super().close()
