"""Reads answers, and tells whether they are the right ones."""

import json

import numpy as np

from export.protocol import PredictResponse
from export.protocol.tensors import to_array

TOLERANCE = 1e-4


def read_grpc(answer: bytes) -> dict[str, np.ndarray]:
    """The outputs in a PredictResponse."""
    outputs = PredictResponse.FromString(answer).outputs
    return {name: to_array(proto) for name, proto in outputs.items()}


def read_rest(answer: bytes) -> dict[str, np.ndarray]:
    """The outputs in a REST answer in row format."""
    rows = json.loads(answer)["predictions"]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def is_equal(received: np.ndarray | None, expected: np.ndarray) -> bool:
    """Whether texts and booleans are the same, and numbers within 1e-4."""
    if received is None or received.shape != expected.shape:
        return False
    if expected.dtype == object:
        texts = [v if isinstance(v, bytes) else v.encode() for v in received.flat]
        return texts == list(expected.flat)
    if expected.dtype.kind == "f":
        return bool(np.all(np.abs(received - expected) <= TOLERANCE))
    return np.array_equal(received, expected)
