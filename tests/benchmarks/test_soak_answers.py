import json

import numpy as np
import pytest

from benchmarks.soak_answers import is_equal, read_grpc, read_rest
from export.protocol import PredictResponse
from export.protocol.tensors import to_proto


def test_answers_are_read():
    response = PredictResponse()
    response.outputs["y"].CopyFrom(to_proto(np.array([[0.5]], np.float32)))
    rows = [{"y": [0.5], "c": ["a"]}, {"y": [1.0], "c": ["ä"]}]

    assert read_grpc(response.SerializeToString())["y"].tolist() == [[0.5]]
    read = read_rest(json.dumps({"predictions": rows}).encode())
    assert {k: v.tolist() for k, v in read.items()} == {
        "y": [[0.5], [1.0]],
        "c": [["a"], ["ä"]],
    }


@pytest.mark.parametrize(
    ("received", "expected", "equal"),
    [
        (np.array([0.5]), np.array([0.50009]), True),
        (np.array([0.5]), np.array([0.5002]), False),
        (np.array([np.nan]), np.array([0.5]), False),
        (np.array([[0.5]]), np.array([0.5]), False),
        (None, np.array([0.5]), False),
        (np.array(["ä"]), np.array(["ä".encode()], object), True),
        (np.array(["a"]), np.array([b"b"], object), False),
        (np.array([True]), np.array([True]), True),
        (np.array([True]), np.array([False]), False),
    ],
)
def test_numbers_are_right_within_the_tolerance(received, expected, equal):
    assert is_equal(received, expected) is equal
