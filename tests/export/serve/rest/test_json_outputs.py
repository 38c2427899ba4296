import json
import re

import numpy as np
import pytest

from export.runtime.status import StatusError
from export.serve.rest.json_outputs import write_columns, write_rows

SCORES = np.array([[0.5, 0.25], [1, 0]], np.float32)
WORDS = np.array([b"a", "ü".encode()], object)


def test_point_35_one_output_is_bare():
    assert write_rows({"y": SCORES}).decode() == (
        '{\n    "predictions": [[0.5, 0.25], [1.0, 0.0]\n    ]\n}'
    )
    assert write_columns({"y": SCORES[0]}).decode() == (
        '{\n    "outputs": [\n        0.5,\n        0.25\n    ]\n}'
    )


def test_point_35_several_outputs_are_objects():
    assert write_rows({"y": SCORES[:1], "a": WORDS[:1]}).decode() == (
        '{\n    "predictions": [\n        {\n            "a": "a",\n'
        '            "y": [0.5, 0.25]\n        }\n    ]\n}'
    )
    columns = json.loads(write_columns({"y": SCORES, "a": WORDS}))
    assert columns == {"outputs": {"a": ["a", "ü"], "y": [[0.5, 0.25], [1.0, 0.0]]}}


def test_point_35_bytes_are_base64():
    text = write_rows({"y_bytes": np.array([b"\xff", b""], object)}).decode()

    assert json.loads(text) == {"predictions": [{"b64": "/w=="}, {"b64": ""}]}
    columns = write_columns({"y_bytes": np.array([[b"\xff"]], object)})
    assert json.loads(columns) == {"outputs": [[{"b64": "/w=="}]]}


def test_a_number_named_like_bytes_stays_a_number():
    assert b"[7" in write_rows({"num_bytes": np.array([7])})


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((2, 0), np.float32),
        np.zeros((0, 2), np.float32),
        np.zeros((2, 0, 3), np.float32),
        np.arange(24).reshape(2, 3, 2, 2),
        np.array([True, False]),
        np.array([-128], np.int8),
        np.array([2**64 - 1], np.uint64),
    ],
)
def test_shapes_and_types_are_kept(array):
    assert json.loads(write_rows({"y": array}))["predictions"] == array.tolist()
    assert json.loads(write_columns({"y": array}))["outputs"] == array.tolist()


def test_a_scalar_is_written_in_columns_only():
    assert json.loads(write_columns({"y": np.array(3)})) == {"outputs": 3}
    with pytest.raises(StatusError, match="Tensor name: y has no shape information"):
        write_rows({"y": np.array(3)})


def test_rows_need_one_batch_size():
    message = "Tensor name: b has inconsistent batch size: 1 expecting: 2"

    with pytest.raises(StatusError, match=re.escape(message)):
        write_rows({"a": np.zeros(2), "b": np.zeros(1)})


def test_half_precision_cannot_be_written():
    with pytest.raises(StatusError, match="JSON value for tensor type: half"):
        write_columns({"y": np.zeros(1, np.float16)})
