import re

import numpy as np
import pytest

from export.protocol import DataType
from export.runtime.status import Code, StatusError
from export.serve.rest.json_body import Constant
from export.serve.rest.json_tensors import to_array


@pytest.mark.parametrize(
    ("value", "dtype", "expected"),
    [
        ([1, 2.5], DataType.DT_FLOAT, np.array([1, 2.5], np.float32)),
        (3, DataType.DT_DOUBLE, np.array(3.0)),
        ([[1], [2]], DataType.DT_INT64, np.array([[1], [2]])),
        ([2**32 - 1], DataType.DT_UINT32, np.array([2**32 - 1], np.uint32)),
        ([2**64 - 1], DataType.DT_UINT64, np.array([2**64 - 1], np.uint64)),
        # Small integers come through a field of 32 bits, as in the server.
        ([300, -1], DataType.DT_INT8, np.array([44, -1], np.int8)),
        ([True, False], DataType.DT_BOOL, np.array([True, False])),
        ([], DataType.DT_FLOAT, np.zeros(0, np.float32)),
        ([[], []], DataType.DT_INT32, np.zeros((2, 0), np.int32)),
        (["ä", {"b64": "AP8="}], DataType.DT_STRING, [b"\xc3\xa4", b"\x00\xff"]),
        ([1e300], DataType.DT_FLOAT, np.array([np.inf], np.float32)),
        ([Constant("-inf")], DataType.DT_FLOAT, np.array([-np.inf], np.float32)),
        ([10**30], DataType.DT_DOUBLE, np.array([1e30])),
    ],
)
def test_nested_lists_are_tensors(value, dtype, expected):
    array = to_array(value, dtype)

    expected = expected if isinstance(expected, np.ndarray) else np.array(expected, "O")
    assert (array.dtype, array.shape) == (expected.dtype, expected.shape)
    np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize(
    ("value", "dtype", "message"),
    [
        (1.5, DataType.DT_INT32, "1.5 Type: Number is not of expected type: int32"),
        (1.0, DataType.DT_INT64, "1.0 Type: Number is not of expected type: int64"),
        (2**31, DataType.DT_INT32, "Type: Number is not of expected type: int32"),
        (-1, DataType.DT_UINT64, "Type: Number is not of expected type: uint64"),
        (True, DataType.DT_INT32, "true Type: True is not of expected type: int32"),
        (False, DataType.DT_FLOAT, "false Type: False is not of expected type: float"),
        (0, DataType.DT_BOOL, "0 Type: Number is not of expected type: bool"),
        (None, DataType.DT_STRING, "null Type: Null is not of expected type: string"),
        ("1", DataType.DT_FLOAT, '"1" Type: String is not of expected type: float'),
        (1, DataType.DT_STRING, "1 Type: Number is not of expected type: string"),
        (
            {"b64": "AA=="},
            DataType.DT_INT8,
            "Object is not of expected type: int8",
        ),
        ({"b64": 1}, DataType.DT_STRING, "not formatted correctly for base64 data"),
        ({"b64": "*"}, DataType.DT_STRING, "Unable to base64 decode"),
        ({"b64": "_-8="}, DataType.DT_STRING, "Unable to base64 decode"),
        (float("inf"), DataType.DT_FLOAT, "Number too big to be stored in double."),
        (10**400, DataType.DT_DOUBLE, "Number too big to be stored in double."),
        (
            [[1, 2], [3]],
            DataType.DT_FLOAT,
            "Encountered list at unexpected size: 1 at level: 1 expected size: 2",
        ),
        (
            [[1], 2],
            DataType.DT_FLOAT,
            "JSON Value: 2 found at incorrect level: 2 in the JSON DOM. "
            "Expected at level: 2",
        ),
        (
            [1, [2]],
            DataType.DT_FLOAT,
            "Encountered list at unexpected level: 1 expected < 1",
        ),
    ],
)
def test_point_35_ragged_lists_and_wrong_types_are_refused(value, dtype, message):
    with pytest.raises(StatusError, match=re.escape(message)) as caught:
        to_array(value, dtype)

    assert caught.value.code == Code.INVALID_ARGUMENT


def test_a_type_that_json_cannot_hold_is_unimplemented():
    with pytest.raises(StatusError, match="JSON Value: 1 to type: half") as caught:
        to_array([1], DataType.DT_HALF)

    assert caught.value.code == Code.UNIMPLEMENTED
