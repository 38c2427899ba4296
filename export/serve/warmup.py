"""Requests that a new version answers before it is made available.

After tensorflow_serving/servables/tensorflow/saved_model_warmup_util.cc.
"""

import logging
import os
from collections.abc import Iterable, Iterator

from google.protobuf.message import DecodeError, Message

from export.protocol import PredictionLog
from export.protocol.records import read_records
from export.runtime.status import Code, StatusError
from export.serve.servable import Servable
from export.versions import MAX_WARMUP_RECORDS, WARMUP_REQUESTS

_logger = logging.getLogger(__name__)
_CALLS = {
    "predict_log": "predict",
    "classify_log": "classify",
    "regress_log": "regress",
    "multi_inference_log": "multi_inference",
}


def replay(
    folder: str, servable: Servable, service, *, num_request_iterations: int = 1
) -> None:
    """Has a version answer the requests that came with it, if any did.

    Args:
        folder: the version's.
        servable: the loaded version.
        service: a Service that knows this servable alone. Whatever model and version
            a recorded request names, this one is asked.
        num_request_iterations: how often each is answered; less than 1 means 1.

    Raises:
        StatusError: a request failed, a record is none, or there are too many.
    """
    path = os.path.join(folder, WARMUP_REQUESTS)
    if not os.path.exists(path):
        _logger.info("No warmup data file found at %s", path)
        return
    for index, record in enumerate(_records(path)):
        if index == MAX_WARMUP_RECORDS:
            message = (
                "Number of warmup records exceeds the maximum "
                f"({MAX_WARMUP_RECORDS}) at {path}"
            )
            raise StatusError(Code.INVALID_ARGUMENT, message)
        call, request = _read(record, index, path)
        if call is None:
            continue
        for spec in _specs(request):
            spec.name = servable.name
            spec.version.value = servable.version
        for _ in range(max(1, num_request_iterations)):
            getattr(service, call)(request)


def _records(path) -> Iterator[bytes]:
    try:
        yield from read_records(path)
    except ValueError as error:
        message = f"{error} Please verify your warmup data is in TFRecord format."
        raise StatusError(Code.DATA_LOSS, message) from error


def _read(record, index, path) -> tuple[str | None, Message | None]:
    try:
        log = PredictionLog.FromString(record)
    except DecodeError as error:
        message = f"Failed to parse warmup record: number {index} from {path}"
        raise StatusError(Code.INVALID_ARGUMENT, message) from error
    kind = log.WhichOneof("log_type")
    if kind is None:
        return None, None
    if kind not in _CALLS:
        message = f"Unsupported log_type for warmup: {kind}"
        raise StatusError(Code.UNIMPLEMENTED, message)
    return _CALLS[kind], getattr(log, kind).request


def _specs(request) -> Iterable[Message]:
    if hasattr(request, "tasks"):
        return [task.model_spec for task in request.tasks]
    return [request.model_spec]
