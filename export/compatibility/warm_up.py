"""Reads the requests that a server replays when it has loaded a model."""

import os

import numpy as np
from google.protobuf.message import DecodeError

from export.protocol import PredictionLog
from export.protocol.records import read_records
from export.protocol.tensors import to_array
from export.versions import WARMUP_REQUESTS
from mmtf.errors import InputError


def read_warm_up(folder: str) -> list[tuple[str, dict[str, np.ndarray]]]:
    """The Predict, Classify and Regress requests of the warm-up records.

    Args:
        folder: the SavedModel; it may have none.

    Returns:
        Signatures, with arrays by input.

    Raises:
        InputError: they cannot be read.
    """
    path = os.path.join(folder, WARMUP_REQUESTS)
    if not os.path.isfile(path):
        return []
    try:
        logs = [PredictionLog.FromString(record) for record in read_records(path)]
        return [request for log in logs if (request := _read_log(log))]
    except (DecodeError, ValueError, OSError) as error:
        raise InputError(
            "Warm-up records must be a TFRecord file of PredictionLog. Received: "
            f"{path!r}, which cannot be read: {error}"
        ) from error


def _read_log(log):
    kind = log.WhichOneof("log_type")
    if kind == "predict_log":
        request = log.predict_log.request
        inputs = {name: to_array(proto) for name, proto in request.inputs.items()}
    elif kind in ("classify_log", "regress_log"):
        request = getattr(log, kind).request
        inputs = {"inputs": _serialized_examples(request.input)}
    else:
        return None
    signature = request.model_spec.signature_name or "serving_default"
    return signature, inputs


def _serialized_examples(proto):
    if proto.WhichOneof("kind") == "example_list_with_context":
        context = proto.example_list_with_context.context.SerializeToString()
        examples = proto.example_list_with_context.examples
    else:
        context, examples = b"", proto.example_list.examples
    # Serialized messages one after the other are one message with both contents.
    serialized = [context + example.SerializeToString() for example in examples]
    strings = np.empty(len(serialized), object)
    strings[:] = serialized
    return strings
