"""The body of a predict call to the arrays of a signature's inputs.

Row format (`instances`) batches what each row holds; column format (`inputs`) names
whole tensors. Neither may leave out an input, whether it has a default or not.
"""

import math
from collections.abc import Mapping

import numpy as np

from export.runtime.status import StatusError
from export.serve.rest.json_base64 import is_base64
from export.serve.rest.json_body import invalid, show
from export.serve.rest.json_tensors import dense_shape, to_array


def read_signature_name(document: dict) -> str:
    """The body's `signature_name`, or nothing.

    Raises:
        StatusError: INVALID_ARGUMENT; it is not a string.
    """
    name = document.get("signature_name", "")
    if not isinstance(name, str):
        raise invalid(
            f"JSON Value: {show(document)} not formatted correctly. 'signature_name' "
            "key must be a string value."
        )
    return name


def read_inputs(document: dict, dtypes: Mapping[str, int]) -> dict[str, np.ndarray]:
    """Reads either format.

    Args:
        document: the body.
        dtypes: a DataType for each input of the signature.

    Raises:
        StatusError: INVALID_ARGUMENT, in the server's words.
    """
    if "instances" in document and "inputs" in document:
        raise invalid(
            f"JSON Value: {show(document)} Not formatted correctly expecting only one "
            "of 'inputs' or 'instances' keys to exist "
        )
    if "instances" in document:
        return _read_rows(document, dtypes)
    if "inputs" in document:
        return _read_columns(document["inputs"], dtypes)
    raise invalid("Missing 'inputs' or 'instances' key")


def is_row_format(document: dict) -> bool:
    """Whether the answer is to be in row format."""
    return "instances" in document


def _read_columns(inputs, dtypes):
    if not _names_tensors(inputs):
        if len(dtypes) > 1:
            raise invalid(
                "inputs is a plain value/list, but expecting an object as multiple "
                "input tensors required as per tensorinfo_map"
            )
        return {name: to_array(inputs, dtype) for name, dtype in dtypes.items()}
    for name in dtypes:
        if name not in inputs:
            raise invalid(f"Missing named input: {name} in 'inputs' object.")
    return {name: to_array(inputs[name], dtype) for name, dtype in dtypes.items()}


def _read_rows(document, dtypes):
    rows = document["instances"]
    if not isinstance(rows, list):
        raise invalid(
            f"JSON Value: {show(document)} Expecting 'instances' to be an list/array"
        )
    if not rows:
        raise invalid(f"JSON Value: {show(document)} No values in 'instances' array")
    if not isinstance(rows[0], dict) and len(dtypes) > 1:
        raise invalid(
            "instances is a plain list, but expecting list of objects as multiple "
            "input tensors required as per tensorinfo_map"
        )
    named = _names_tensors(rows[0])
    for index, row in enumerate(rows):
        _check_row(index, row, named, dtypes)
    if not named:
        name = min(dtypes)
        return {name: _read_batch(rows, dtypes[name], "")}
    return {
        name: _read_batch([row[name] for row in rows], dtype, f" key: {name}")
        for name, dtype in dtypes.items()
    }


def _names_tensors(value):
    return isinstance(value, dict) and not is_base64(value)


def _check_row(index, row, named, dtypes):
    if _names_tensors(row) != named:
        expected, received = ("object", "list") if named else ("value/list", "object")
        raise invalid(
            f"Expecting {expected} but got {received} at item {index} of input list"
        )
    if not named or row.keys() == dtypes.keys():
        return
    for name in row:
        if name not in dtypes:
            raise invalid(
                f"Failed to process element: {index} key: {name} of 'instances' list. "
                "Error: INVALID_ARGUMENT: JSON object: does not have named input: "
                f"{name}"
            )
    raise invalid(
        f"Failed to process element: {index} of 'instances' list. JSON object: "
        f"{show(row)} keys must be equal to: {','.join(sorted(dtypes))}"
    )


def _read_batch(values, dtype, key):
    try:
        return to_array(values, dtype)
    except StatusError:
        for index, value in enumerate(values):
            _check_item(index, value, values[0], dtype, key)
        raise


def _check_item(index, value, first, dtype, key):
    try:
        to_array(value, dtype)
        _check_shape(dense_shape(value), dense_shape(first))
    except StatusError as error:
        raise invalid(
            f"Failed to process element: {index}{key} of 'instances' list. Error: "
            f"{error.code.name}: {error.message}"
        ) from error


def _check_shape(received, expected):
    sizes = math.prod(expected), math.prod(received)
    if sizes[0] != sizes[1]:
        raise invalid(f"Expecting tensor size: {sizes[0]} but got: {sizes[1]}")
    if received != expected:
        expected, received = (",".join(map(str, s)) for s in (expected, received))
        raise invalid(f"Expecting shape [{expected}] but got: [{received}]")
