"""Version folders: MODELS/NAME/1, 2, ... as TensorFlow Serving watches them.

The server polls NAME once a second and takes every child whose name is an
integer for a complete version. So a version is written under another name and
renamed when it is whole.
"""

import contextlib
import errno
import itertools
import os
import shutil
import time
import uuid
from collections.abc import Iterator

from mmtf.errors import InputError

BATCHING_PARAMETERS = "batching_params.pbtxt"
"""Beside saved_model.pb; servers read it with
`--enable_batching --enable_per_model_batching_parameters`."""
WARMUP_REQUESTS = os.path.join("assets.extra", "tf_serving_warmup_requests")
"""Servers answer these records before a version is available."""
MAX_WARMUP_RECORDS = 1000
"""They refuse to load a version with more."""
GOLDEN_REQUESTS = os.path.join("assets.extra", "golden_requests.tfrecord")
"""Requests, and what the export answered."""

_STALE_SECONDS = 24 * 3600
_TAKEN = {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}


def list_versions(model_folder: str) -> dict[int, str]:
    """The published versions, lowest first.

    Args:
        model_folder: MODELS/NAME.

    Returns:
        `{number: folder}`; empty when there is no such folder.
    """
    if not os.path.isdir(model_folder):
        return {}
    with os.scandir(model_folder) as children:
        folders = [child for child in children if child.is_dir()]
    numbered = {int(f.name): f.path for f in folders if _is_number(f.name)}
    return dict(sorted(numbered.items()))


def _is_number(name):
    # `isdigit` alone also holds for digits that no server reads.
    return name.isascii() and name.isdigit()


@contextlib.contextmanager
def draft_folder(model_folder: str) -> Iterator[str]:
    """A folder to write a version to, beside the published ones.

    What is not published by the end of the block is removed. A killed process
    leaves its draft behind, hidden from servers; a later draft removes it.

    Raises:
        InputError: nothing can be written there.
    """
    draft = os.path.join(model_folder, f".tmp-{uuid.uuid4().hex}")
    try:
        # Not tempfile: its folders are closed to the user that runs the server.
        os.makedirs(draft)
    except OSError as error:
        raise InputError(
            "MODELS/NAME must be a folder that can be written to. Received: "
            f"{model_folder!r} ({error.strerror})."
        ) from error
    _remove_stale_drafts(model_folder)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _remove_stale_drafts(model_folder):
    with os.scandir(model_folder) as children:
        drafts = [child for child in children if child.name.startswith(".tmp-")]
    for draft in drafts:
        # A young one may belong to an export that is still running.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(draft.path, ignore_errors=True)


def publish(draft: str, model_folder: str) -> str:
    """Renames a complete draft to the next version and returns that folder."""
    _flush_to_disk(draft)
    for number in itertools.count(max(list_versions(model_folder), default=0) + 1):
        version = os.path.join(model_folder, str(number))
        try:
            os.rename(draft, version)
        except OSError as error:
            # Another export took the number since.
            if error.errno not in _TAKEN:
                raise
        else:
            return version


def _flush_to_disk(folder):
    for path, _, names in os.walk(folder):
        for name in [*names, "."]:
            handle = os.open(os.path.join(path, name), os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
