"""JSON values to arrays: nested lists of one shape, and one type of leaf.

What each type takes is the server's rule (TensorFlow's REST API page, "JSON
mapping"): a float may be written as a whole number, a whole number not as a
decimal, and a string that is not text as `{"b64": ...}`.
"""

import itertools

import numpy as np

from export.protocol import DataType
from export.protocol.tensors import type_name
from export.runtime.status import Code, StatusError
from export.serve.rest.json_base64 import decode_base64, is_base64
from export.serve.rest.json_body import Constant, invalid, show, too_big

FLOATS = {DataType.DT_FLOAT: np.float32, DataType.DT_DOUBLE: np.float64}
# The type of the array, and the range that the server checks: its small integers
# all come through a 32-bit field.
INTEGERS = {
    DataType.DT_INT8: (np.int8, np.int32),
    DataType.DT_INT16: (np.int16, np.int32),
    DataType.DT_UINT8: (np.uint8, np.int32),
    DataType.DT_INT32: (np.int32, np.int32),
    DataType.DT_INT64: (np.int64, np.int64),
    DataType.DT_UINT32: (np.uint32, np.uint32),
    DataType.DT_UINT64: (np.uint64, np.uint64),
}
_TYPE_NAMES = {
    type(None): "Null", dict: "Object", list: "Array", str: "String",
    int: "Number", float: "Number", Constant: "Number",
}  # fmt: skip
# NumPy's limit; the server's is higher, that of its operations lower.
_MAX_RANK = 64


def to_array(value: object, dtype: int) -> np.ndarray:
    """Reads a nested list, or a bare value, as a tensor.

    Args:
        value: what JSON holds.
        dtype: a DataType.

    Returns:
        An array whose shape is that of the lists; strings as objects of type bytes.

    Raises:
        StatusError: INVALID_ARGUMENT when lists are ragged or a leaf is of a wrong
            type, UNIMPLEMENTED for a type that JSON cannot hold.
    """
    shape = dense_shape(value)
    if len(shape) > _MAX_RANK:
        message = f"A tensor has at most {_MAX_RANK} dimensions, not {len(shape)}."
        raise invalid(message)
    leaves = _flatten(value, shape)
    if leaves is None or (array := _convert(leaves, dtype)) is None:
        _raise_fault(value, shape, dtype)
    return array.reshape(shape)


def dense_shape(value: object) -> tuple[int, ...]:
    """The shape that a value has if every list is like the first of its level."""
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        if not value:
            break
        value = value[0]
    return tuple(shape)


def json_type(value: object) -> str:
    """What RapidJSON calls the type of a value."""
    return str(value) if isinstance(value, bool) else _TYPE_NAMES[type(value)]


def type_error(value: object, dtype: int) -> StatusError:
    """What is said of a leaf of a wrong type."""
    return invalid(
        f"JSON Value: {show(value)} Type: {json_type(value)} is not of expected type: "
        f"{type_name(dtype)}"
    )


def _flatten(value, shape):
    values = [value]
    for size in shape:
        if not all(type(v) is list and len(v) == size for v in values):
            return None
        values = list(itertools.chain.from_iterable(values))
    return values


def _convert(leaves, dtype):
    """The leaves as a flat array, or None if one does not fit."""
    kinds = set(map(type, leaves))
    if dtype in FLOATS and kinds <= {int, float, Constant}:
        return _convert_floats(leaves, FLOATS[dtype])
    if dtype in INTEGERS and kinds <= {int}:
        return _convert_integers(leaves, *INTEGERS[dtype])
    if dtype == DataType.DT_BOOL and kinds <= {bool}:
        return np.array(leaves, bool)
    if dtype == DataType.DT_STRING and kinds <= {str, dict}:
        return _convert_strings(leaves)
    return None


def _convert_floats(leaves, array_type):
    try:
        array = np.array(leaves, np.float64)
    except OverflowError as error:
        raise too_big() from error
    if any(type(leaves[index]) is float for index in np.flatnonzero(np.isinf(array))):
        raise too_big()
    with np.errstate(over="ignore"):
        return array.astype(array_type)


def _convert_integers(leaves, array_type, range_type):
    limits = np.iinfo(range_type)
    if leaves and not limits.min <= min(leaves) <= max(leaves) <= limits.max:
        return None
    return np.array(leaves, range_type).astype(array_type)


def _convert_strings(leaves):
    if not all(isinstance(v, str) or is_base64(v) for v in leaves):
        return None
    array = np.empty(len(leaves), object)
    array[:] = [v.encode() if isinstance(v, str) else decode_base64(v) for v in leaves]
    return array


def _raise_fault(value, shape, dtype, level=0):
    """Finds the first fault as the server does: depth first."""
    if not isinstance(value, list):
        if level != len(shape):
            raise invalid(
                f"JSON Value: {show(value)} found at incorrect level: {level + 1} in "
                f"the JSON DOM. Expected at level: {len(shape)}"
            )
        _raise_leaf_fault(value, dtype)
        return
    if level >= len(shape):
        raise invalid(
            f"Encountered list at unexpected level: {level} expected < {len(shape)}"
        )
    if len(value) != shape[level]:
        raise invalid(
            f"Encountered list at unexpected size: {len(value)} at level: {level} "
            f"expected size: {shape[level]}"
        )
    for item in value:
        _raise_fault(item, shape, dtype, level + 1)


def _raise_leaf_fault(value, dtype):
    known = dtype in FLOATS or dtype in INTEGERS
    if not known and dtype not in (DataType.DT_BOOL, DataType.DT_STRING):
        message = f"Conversion of JSON Value: {show(value)} to type: {type_name(dtype)}"
        raise StatusError(Code.UNIMPLEMENTED, message)
    if isinstance(value, dict) and dtype == DataType.DT_STRING and not is_base64(value):
        message = f"JSON Value: {show(value)} not formatted correctly for base64 data"
        raise invalid(message)
    if _convert([value], dtype) is None:
        raise type_error(value, dtype)
