"""What the verbs of the command line share."""

import contextlib
import json
import os
import sys
from collections.abc import Sequence
from typing import Annotated

from tyro.conf import arg

from mmtf.errors import InputError

JsonFlag = Annotated[bool, arg(name="json")]


def start_tensorflow() -> None:
    """Imports TensorFlow without its greeting on stderr, and with a memory pool.

    Set TF_CPP_MIN_LOG_LEVEL yourself, below 3, to see all it has to say, and
    TF_CPU_ALLOCATOR_USE_BFC to 0 to have the C library allocate each tensor.
    """
    # The pool hands the memory of one step to the next. The C library gives large
    # blocks back to the system, which clears every page before it gives them again.
    os.environ.setdefault("TF_CPU_ALLOCATOR_USE_BFC", "1")
    if _is_verbose():
        return
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    with _silent_stderr():
        import tensorflow as tf

        # The drivers speak up when devices are first looked for.
        tf.config.list_physical_devices()


def start_runtime() -> None:
    """Opens TensorFlow's C++ library without its greeting; Python's is not needed."""
    from export.runtime.library import load_runtime

    with contextlib.nullcontext() if _is_verbose() else _silent_stderr():
        load_runtime()


def read_pairs(option: str, words: Sequence[str]) -> dict[str, str]:
    """Reads KEY=VALUE words of an option.

    Raises:
        InputError: a word is something else.
    """
    pairs = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not (key and equals):
            raise InputError(f"`{option}` must be KEY=VALUE. Received: {word!r}.")
        pairs[key] = value
    return pairs


def dumps(value) -> str:
    """JSON text as the command line prints it; what is no JSON (NaN) is an error."""
    return json.dumps(value, indent=2, allow_nan=False)


def _is_verbose():
    return os.environ.get("TF_CPP_MIN_LOG_LEVEL", "3") != "3"


@contextlib.contextmanager
def _silent_stderr():
    # C++ writes to the descriptor itself, past sys.stderr.
    sys.stderr.flush()
    kept = os.dup(2)
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(sink)
