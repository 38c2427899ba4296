"""Loads a SavedModel and runs requests, in a process of its own.

    python -m export.compatibility.child SAVED_MODEL WORK TEXT_LIBRARY...

reads the PredictRequests `WORK/0.request`, `WORK/1.request` and so on, and writes to
each a `.response` or, if it failed, a `.status`. `WORK/runtime.status` and
`WORK/load.status` say how opening TensorFlow and loading the model went. What is not
there when this process ends is what ended it.
"""

import os
import sys
from pathlib import Path

from export.protocol import PredictRequest, PredictResponse, StatusProto
from export.protocol.tensors import to_array, to_proto_content
from export.runtime import Code, SavedModelSession, StatusError
from export.runtime.library import load_runtime
from mmtf.errors import InputError

LIMIT_SECONDS = 300
"""How long one request may take."""


def main(folder: str, work: str, *text_libraries: str) -> None:
    """Loads the model, and runs what it is asked to."""
    work = Path(work)
    if not _told(work / "runtime.status", lambda: load_runtime(text_libraries)):
        return
    session = _told(
        work / "load.status", lambda: SavedModelSession(folder, text_ops=text_libraries)
    )
    if not session:
        return
    for path in sorted(work.glob("*.request"), key=lambda path: int(path.stem)):
        request = PredictRequest.FromString(path.read_bytes())
        try:
            response = run_request(session, request)
        except StatusError as error:
            _write_status(path.with_suffix(".status"), error)
        else:
            _write(path.with_suffix(".response"), response)


def run_request(session: SavedModelSession, request) -> PredictResponse:
    """Runs a PredictRequest, without the checks that a server puts before it.

    Raises:
        StatusError: the model refused it.
    """
    outputs = session.run(
        request.model_spec.signature_name,
        {name: to_array(proto) for name, proto in request.inputs.items()},
        timeout_seconds=LIMIT_SECONDS,
    )
    response = PredictResponse()
    for name, array in outputs.items():
        response.outputs[name].CopyFrom(to_proto_content(array))
    return response


def _told(path, do):
    """Does something, and writes how it went; what it gave, or None if it failed."""
    try:
        result = do()
    except StatusError as error:
        _write_status(path, error)
        return None
    except InputError as error:
        _write_status(path, StatusError(Code.FAILED_PRECONDITION, str(error)))
        return None
    _write_status(path, StatusError(Code.OK, ""))
    return result


def _write_status(path, error):
    _write(path, StatusProto(error_code=error.code, error_message=error.message))


def _write(path, message):
    # Whole or not at all: a crash must not leave half an answer.
    aside = path.with_suffix(".part")
    aside.write_bytes(message.SerializeToString())
    os.replace(aside, path)


if __name__ == "__main__":
    main(*sys.argv[1:])
