"""The file that a verb's `--html` names."""

import os

from mmtf.errors import InputError


def require_writable(path: str) -> None:
    """Refuses a path that no page can be written to, before the work, which takes long.

    Raises:
        InputError: it is a folder, or in none that can be written to.
    """
    folder = os.path.dirname(path) or "."
    is_file_name = bool(path) and not os.path.isdir(path)
    if not (is_file_name and os.path.isdir(folder) and os.access(folder, os.W_OK)):
        raise InputError(
            "`--html` must be a file in a folder that exists and can be written to. "
            f"Received: {path!r}."
        )
