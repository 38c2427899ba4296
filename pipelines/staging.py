"""Folders that appear whole: written aside, then renamed."""

import contextlib
import os
import uuid
from collections.abc import Iterator

import tensorflow as tf

from mmtf.errors import InputError
from pipelines.report import REPORT_FILE


def check_free(folder: str, *, overwrite: bool) -> None:
    """Makes sure that a folder may be written.

    Args:
        folder: DATA.
        overwrite: whether it may hold what an earlier build wrote.

    Raises:
        InputError: it holds files, and may not be or is not for overwriting.
    """
    if not tf.io.gfile.exists(folder):
        return
    if not tf.io.gfile.isdir(folder):
        raise InputError(f"DATA must be a folder. Received: {folder!r}, a file.")
    names = tf.io.gfile.listdir(folder)
    built = REPORT_FILE in names
    if not names or (built and overwrite):
        return
    if built:
        raise InputError(
            f"DATA must be new or empty. Received: {folder!r}, which an earlier build "
            "wrote. Use another, or --overwrite."
        )
    raise InputError(
        f"DATA must be new or empty. Received: {folder!r}, which holds other files."
    )


@contextlib.contextmanager
def scratch_beside(folder: str) -> Iterator[str]:
    """A folder to write in, on the same file system, gone at the end.

    Raises:
        InputError: there can be none.
    """
    parent, name = os.path.split(folder)
    scratch = os.path.join(parent, f".{name}.{uuid.uuid4().hex[:8]}")
    try:
        tf.io.gfile.makedirs(scratch)
    except tf.errors.OpError as error:
        raise InputError(
            f"DATA must be where files can be written. Received: {folder!r} "
            f"({error.message})."
        ) from error
    try:
        yield scratch
    finally:
        tf.io.gfile.rmtree(scratch)


def publish(source: str, folder: str, *, scratch: str, overwrite: bool) -> None:
    """Gives what is written its name; what had it goes to the scratch folder.

    A reader sees the old folder or the new one, and no mixture.

    Raises:
        InputError: the folder is no longer free.
    """
    check_free(folder, overwrite=overwrite)
    old = os.path.join(scratch, "old")
    replaces = tf.io.gfile.exists(folder)
    if replaces:
        tf.io.gfile.rename(folder, old)
    try:
        tf.io.gfile.rename(source, folder)
    except BaseException:
        if replaces:
            tf.io.gfile.rename(old, folder)
        raise


def resolve(folder: str) -> str:
    """The folder's own absolute path; a URI stays as it is."""
    return folder.rstrip("/") if "://" in folder else os.path.realpath(folder)
