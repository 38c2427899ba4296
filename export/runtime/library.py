"""Opens the C++ library of the installed TensorFlow, and kernels for it."""

import contextlib
import ctypes
import functools
import glob

# Before TensorFlow, whose own copy of OpenSSL's symbols would else take their place
# and crash the process; Python's TensorFlow does the same.
import hashlib  # noqa: F401
import importlib.util
import os
import sys
from collections.abc import Iterable

with contextlib.suppress(ImportError):
    import ssl  # noqa: F401

from export.runtime.c_api import DISABLE_XLA, CApi
from export.runtime.status import Code, StatusError
from mmtf.errors import InputError


def load_runtime(text_ops: Iterable[str] | None = None) -> CApi:
    """Readies this process to load SavedModels as the server does.

    XLA is switched off for the whole process, as the server has it, unless
    Python's TensorFlow is in use here: then the choice is that program's.

    Args:
        text_ops: the op libraries of tensorflow-text to load, by names such as
            `normalize_ops`; all that the wheel has by default, if it is
            installed. What is loaded once stays.

    Raises:
        InputError: TensorFlow is not installed or does not open, or
            tensorflow-text has no such op library.
        StatusError: an op library does not fit this TensorFlow.
    """
    api = open_library(_package_folder("tensorflow"))
    if "tensorflow" not in sys.modules:
        getattr(api, DISABLE_XLA)()
    for path in _text_op_paths(text_ops):
        load_ops(api, path)
    return api


@functools.cache
def open_library(folder: str) -> CApi:
    """Opens libtensorflow_cc.so.2; a process can hold one TensorFlow.

    Args:
        folder: the one of the `tensorflow` package.

    Raises:
        InputError: the library is not there, or does not open.
    """
    # Startup remarks only; errors still come through. Read once, at loading.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        # Op libraries must share the tables of these two, and so see their symbols.
        for library in ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"):
            path = os.path.join(folder, library)
            ctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL)
    except OSError as error:
        raise InputError(
            "TensorFlow's C++ library must be in its package, as in the wheels for "
            f"Linux. Received: {folder!r}, where it does not open: {error}."
        ) from error
    return CApi(path)


@functools.cache
def load_ops(api: CApi, path: str) -> None:
    """Registers the ops and kernels of a shared library.

    Raises:
        StatusError: it cannot be loaded.
    """
    with checked_status(api) as status:
        api.TF_LoadLibrary(os.fsencode(path), status)


@contextlib.contextmanager
def checked_status(api: CApi):
    """Gives a TF_Status, and raises what it holds in the end.

    Raises:
        StatusError: the status is not OK.
    """
    status = api.TF_NewStatus()
    try:
        yield status
        raise_if_failed(api, status)
    finally:
        api.TF_DeleteStatus(status)


def raise_if_failed(api: CApi, status) -> None:
    """Raises a TF_Status that is not OK.

    Raises:
        StatusError: its code and its words.
    """
    code = api.TF_GetCode(status)
    if code:
        message = api.TF_Message(status).decode("utf-8", "replace")
        raise StatusError(Code(code), message)


def _package_folder(package):
    # Found, not imported.
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise InputError(
            f"The package {package!r} must be installed to load a SavedModel, and "
            f"is not. Try `pip install {package.replace('_', '-')}`."
        )
    return os.path.dirname(spec.origin)


def _text_op_paths(text_ops):
    if text_ops is None and importlib.util.find_spec("tensorflow_text") is None:
        return []
    folder = _package_folder("tensorflow_text")
    files = sorted(glob.glob(os.path.join(folder, "python", "*", "_*.so")))
    paths = {os.path.basename(file)[1 : -len(".so")]: file for file in files}
    names = paths if text_ops is None else list(text_ops)
    for name in names:
        if name not in paths:
            raise InputError(
                f"An op library must be one of {', '.join(paths)}, which the "
                f"installed tensorflow-text has. Received: {name!r}."
            )
    return [paths[name] for name in names]
