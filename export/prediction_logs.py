"""Requests and answers as TensorFlow Serving records them."""

from collections.abc import Iterable, Mapping

import numpy as np
import tensorflow as tf

from export.golden_cases import GoldenCase
from export.protocol import PredictionLog
from export.protocol.tensors import to_proto_content


def golden_log(case: GoldenCase, model_name: str):
    """A PredictionLog of a golden request and its answer."""
    log = PredictionLog()
    request, response = log.predict_log.request, log.predict_log.response
    for message in (request, response):
        message.model_spec.name = model_name
        message.model_spec.signature_name = case.signature
    _fill(request.inputs, case.inputs)
    _fill(response.outputs, case.answers)
    return log


def _fill(tensors, arrays: Mapping[str, np.ndarray]):
    for name, array in arrays.items():
        tensors[name].CopyFrom(to_proto_content(array))


def write_logs(path: str, logs: Iterable) -> None:
    """Writes PredictionLogs to a TFRecord file."""
    with tf.io.TFRecordWriter(path) as writer:
        for log in logs:
            writer.write(log.SerializeToString(deterministic=True))
