"""Rows whose answers are known: those that an export was proven with."""

import os

import numpy as np

from export.protocol import PredictionLog
from export.protocol.records import read_records
from export.protocol.tensors import to_array
from export.versions import GOLDEN_REQUESTS
from mmtf.errors import InputError

# As export.prediction_logs calls it, which would bring all of TensorFlow along.
_SIGNATURE = "serving_default"


def read_golden_rows(
    version_folder: str,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """An export's golden request to its default signature, and the model's answer.

    Args:
        version_folder: MODELS/NAME/VERSION.

    Returns:
        Inputs and outputs by name, rows first.

    Raises:
        InputError: the version was exported without.
    """
    path = os.path.join(version_folder, GOLDEN_REQUESTS)
    if os.path.exists(path):
        for record in read_records(path):
            log = PredictionLog.FromString(record).predict_log
            if log.request.model_spec.signature_name == _SIGNATURE:
                return _arrays(log.request.inputs), _arrays(log.response.outputs)
    raise InputError(
        f"A soak needs a model with golden requests. Received: {version_folder!r}, "
        "which has none. Write one with `mmtf export`."
    )


def _arrays(protos):
    return {name: to_array(proto) for name, proto in protos.items()}
