"""Has a child process load a SavedModel and run requests, and reads what it says."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from export.compatibility.child import LIMIT_SECONDS
from export.compatibility.requests import Request
from export.protocol import PredictRequest, PredictResponse, StatusProto
from export.protocol.tensors import to_array, to_proto_content
from export.runtime.status import Code, StatusError
from mmtf.errors import InputError

_CHILD = (sys.executable, "-m", "export.compatibility.child")
_LOADING_SECONDS = 600
_LAST_LINES = 3


@dataclass(frozen=True)
class Trial:
    """How it went.

    Attributes:
        loading: how loading the model went; None if the process ended before.
        outcomes: by request, arrays by output, or why there are none. It ends
            where the process did.
        crash: how the process ended, if not by itself.
    """

    loading: StatusError | None
    outcomes: list[dict[str, np.ndarray] | StatusError]
    crash: str = ""


def try_out(
    folder: str,
    requests: list[Request],
    *,
    text_libraries: Iterable[str],
    runtime_folder: str | None = None,
) -> Trial:
    """Loads a SavedModel apart from this process, and runs requests.

    Args:
        folder: the SavedModel.
        requests: to run one after the other.
        text_libraries: the op libraries of tensorflow-text to load.
        runtime_folder: where other wheels of tensorflow and tensorflow-text lie
            unpacked; those that are installed by default.

    Returns:
        What came of it; a crash, too, is an outcome.

    Raises:
        InputError: the wheels are not there, or do not fit each other.
    """
    with tempfile.TemporaryDirectory() as work:
        for index, request in enumerate(requests):
            path = Path(work, f"{index}.request")
            path.write_bytes(_to_proto(request).SerializeToString())
        crash = _run(
            [*_CHILD, os.path.abspath(folder), work, *text_libraries],
            _environment(runtime_folder),
            _LOADING_SECONDS + LIMIT_SECONDS * len(requests),
        )
        opening = _read_status(Path(work, "runtime.status"))
        if opening and opening.code:
            raise InputError(
                "A runtime must be wheels of tensorflow and tensorflow-text that fit "
                f"each other. Received: {runtime_folder or 'the installed ones'}, "
                f"which do not open: {opening.message}"
            )
        return _read(Path(work), len(requests), crash)


def _to_proto(request):
    proto = PredictRequest()
    proto.model_spec.signature_name = request.signature
    for name, array in request.inputs.items():
        proto.inputs[name].CopyFrom(to_proto_content(np.asarray(array)))
    return proto


def _environment(runtime_folder):
    # It finds this package where this process found it.
    paths = [os.path.abspath(path) for path in sys.path]
    if runtime_folder is not None:
        paths.insert(0, os.path.abspath(runtime_folder))
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


def _run(command, environment, limit_seconds):
    """Runs a command; how it ended, if not by itself."""
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=limit_seconds,
        )
    except subprocess.TimeoutExpired:
        return f"was stopped after {limit_seconds} seconds"
    if done.returncode == 0:
        return ""
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    # Not the addresses of a stack.
    last = [line for line in lines if not line.lstrip().startswith("@")][-_LAST_LINES:]
    how = f"ended with status {done.returncode}"
    if done.returncode < 0:
        how = f"was ended by {signal.Signals(-done.returncode).name}"
    return f"{how}: {' '.join(last)}" if last else how


def _read(work, num_requests, crash):
    loading = _read_status(work / "load.status")
    outcomes = []
    for index in range(num_requests):
        response, status = work / f"{index}.response", work / f"{index}.status"
        if response.exists():
            outputs = PredictResponse.FromString(response.read_bytes()).outputs
            outcomes.append({name: to_array(proto) for name, proto in outputs.items()})
        elif status.exists():
            outcomes.append(_read_status(status))
    return Trial(loading, outcomes, crash)


def _read_status(path):
    if not path.exists():
        return None
    status = StatusProto.FromString(path.read_bytes())
    return StatusError(Code(status.error_code), status.error_message)
