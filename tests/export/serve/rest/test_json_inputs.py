import re

import numpy as np
import pytest

from export.protocol import DataType
from export.runtime.status import StatusError
from export.serve.rest.json_inputs import read_inputs, read_signature_name

ONE = {"x": DataType.DT_FLOAT}
TWO = {"x": DataType.DT_FLOAT, "s": DataType.DT_STRING}


def shown(arrays):
    return {name: array.tolist() for name, array in arrays.items()}


@pytest.mark.parametrize(
    ("document", "dtypes", "expected"),
    [
        ({"instances": [1, 2]}, ONE, {"x": [1, 2]}),
        ({"instances": [{"x": [1, 2]}]}, ONE, {"x": [[1, 2]]}),
        (
            {"instances": [{"x": 1, "s": "a"}, {"s": {"b64": "/w=="}, "x": 2}]},
            TWO,
            {"x": [1, 2], "s": [b"a", b"\xff"]},
        ),
        ({"instances": [{"b64": "/w=="}]}, {"s": DataType.DT_STRING}, {"s": [b"\xff"]}),
        ({"inputs": [[1, 2]]}, ONE, {"x": [[1, 2]]}),
        ({"inputs": 1}, ONE, {"x": 1}),
        ({"inputs": {"b64": "/w=="}}, {"s": DataType.DT_STRING}, {"s": b"\xff"}),
        (
            {"inputs": {"x": [1, 2, 3], "s": ["a"], "unknown": None}},
            TWO,
            {"x": [1, 2, 3], "s": [b"a"]},
        ),
    ],
)
def test_point_35_row_and_column_format(document, dtypes, expected):
    assert shown(read_inputs(document, dtypes)) == expected


@pytest.mark.parametrize(
    ("document", "dtypes", "message"),
    [
        ({}, ONE, "Missing 'inputs' or 'instances' key"),
        (
            {"instances": [1], "inputs": [1]},
            ONE,
            "Not formatted correctly expecting only one of 'inputs' or 'instances' "
            "keys to exist ",
        ),
        ({"instances": {}}, ONE, "Expecting 'instances' to be an list/array"),
        ({"instances": []}, ONE, "No values in 'instances' array"),
        ({"instances": [1]}, TWO, "instances is a plain list, but expecting list of"),
        (
            {"instances": [{"x": 1}, 2]},
            ONE,
            "Expecting object but got list at item 1 of input list",
        ),
        (
            {"instances": [1, {"x": 1}]},
            ONE,
            "Expecting value/list but got object at item 1 of input list",
        ),
        (
            {"instances": [{"x": 1, "s": "a"}, {"x": 1}]},
            TWO,
            "Failed to process element: 1 of 'instances' list. JSON object: {\n"
            '    "x": 1\n} keys must be equal to: s,x',
        ),
        (
            {"instances": [{"x": 1, "s": "a", "z": 0}]},
            TWO,
            "Failed to process element: 0 key: z of 'instances' list. Error: "
            "INVALID_ARGUMENT: JSON object: does not have named input: z",
        ),
        (
            {"instances": [1, "a"]},
            ONE,
            "Failed to process element: 1 of 'instances' list. Error: "
            'INVALID_ARGUMENT: JSON Value: "a" Type: String is not of expected type: '
            "float",
        ),
        (
            {"instances": [[1, 2], [1, 2, 3]]},
            ONE,
            "Failed to process element: 1 of 'instances' list. Error: "
            "INVALID_ARGUMENT: Expecting tensor size: 2 but got: 3",
        ),
        (
            {"instances": [{"x": [[1, 2]], "s": "a"}, {"x": [[1], [2]], "s": "a"}]},
            TWO,
            "Failed to process element: 1 key: x of 'instances' list. Error: "
            "INVALID_ARGUMENT: Expecting shape [1,2] but got: [2,1]",
        ),
        ({"inputs": [1]}, TWO, "inputs is a plain value/list, but expecting an object"),
        ({"inputs": {"x": [1]}}, TWO, "Missing named input: s in 'inputs' object."),
    ],
)
def test_point_35_what_names_no_tensors_is_refused(document, dtypes, message):
    with pytest.raises(StatusError, match=re.escape(message)):
        read_inputs(document, dtypes)


def test_many_rows_are_one_batch():
    rows = np.random.default_rng(0).random((500, 3)).astype(np.float32)
    document = {"instances": [{"x": row} for row in rows.tolist()]}

    np.testing.assert_array_equal(read_inputs(document, ONE)["x"], rows)


def test_the_signature_is_named_by_a_string():
    assert read_signature_name({"signature_name": "embed"}) == "embed"
    assert read_signature_name({}) == ""
    with pytest.raises(StatusError, match="'signature_name' key must be a string"):
        read_signature_name({"signature_name": 100})
