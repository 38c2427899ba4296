"""The outputs of a predict call as JSON, in the format that its inputs came in."""

import base64
import math
from collections.abc import Mapping

import numpy as np

from export.serve.rest.json_body import invalid
from export.serve.rest.json_writer import JsonWriter, write_decimals, write_string

# By TensorFlow's convention, an output with such a name is not text.
_BYTES_SUFFIX = "_bytes"
_INTEGERS = ("int8", "uint8", "int16", "int32", "int64", "uint32", "uint64")


def write_rows(outputs: Mapping[str, np.ndarray]) -> bytes:
    """`{"predictions": [...]}`, of objects if there are several outputs.

    Args:
        outputs: arrays by name; strings as objects of type bytes.

    Raises:
        StatusError: INVALID_ARGUMENT; outputs are not of one batch size, or of a
            type that JSON cannot hold.
    """
    count = _count_rows(outputs)
    columns = [_Column(name, outputs[name]) for name in sorted(outputs)]
    writer = JsonWriter()
    writer.start_object()
    writer.key("predictions")
    writer.start_list()
    for row in range(count):
        _write_row(writer, columns, row)
    writer.end_list()
    writer.end_object()
    return writer.encode()


def write_columns(outputs: Mapping[str, np.ndarray]) -> bytes:
    """`{"outputs": ...}`: the tensor, or an object of tensors if there are several.

    Args:
        outputs: arrays by name; strings as objects of type bytes.

    Raises:
        StatusError: INVALID_ARGUMENT; an output is of a type that JSON cannot hold.
    """
    writer = JsonWriter()
    writer.start_object()
    writer.key("outputs")
    if len(outputs) > 1:
        writer.start_object()
    for name in sorted(outputs):
        if len(outputs) > 1:
            writer.key(name)
        column = _Column(name, outputs[name])
        _write_tensor(writer, column, column.texts, outputs[name].shape)
    if len(outputs) > 1:
        writer.end_object()
    writer.end_object()
    return writer.encode()


class _Column:
    """An output's values as JSON text, and how to lay them out."""

    def __init__(self, name, array):
        self.name = name
        self.row_shape = array.shape[1:]
        self.is_bytes = array.dtype == object and name.endswith(_BYTES_SUFFIX)
        self.texts = _leaf_texts(array, self.is_bytes)


def _leaf_texts(array, is_bytes):
    values = array.ravel()
    if is_bytes:
        return [f'"{base64.b64encode(value).decode()}"' for value in values]
    if array.dtype == object:
        return [write_string(value) for value in values]
    if array.dtype in (np.float32, np.float64):
        return write_decimals(values)
    if array.dtype == bool:
        return ["true" if value else "false" for value in values]
    if array.dtype.name in _INTEGERS:
        return [str(value) for value in values.tolist()]
    kind = {"float16": "half"}.get(array.dtype.name, array.dtype.name)
    raise invalid(f"Failed to write JSON value for tensor type: {kind}")


def _count_rows(outputs):
    count = None
    for name, array in sorted(outputs.items()):
        if not array.ndim:
            raise invalid(f"Tensor name: {name} has no shape information ")
        if count not in (None, len(array)):
            raise invalid(
                f"Tensor name: {name} has inconsistent batch size: {len(array)} "
                f"expecting: {count}"
            )
        count = len(array)
    return count


def _write_row(writer, columns, row):
    if len(columns) > 1:
        writer.start_object()
    writer.one_line = True
    for column in columns:
        if len(columns) > 1:
            writer.key(column.name)
        size = math.prod(column.row_shape)
        texts = column.texts[row * size : (row + 1) * size]
        _write_tensor(writer, column, texts, column.row_shape)
    writer.one_line = False
    if len(columns) > 1:
        writer.end_object()


def _write_tensor(writer, column, texts, shape):
    if not shape:
        _write_leaves(writer, column, texts)
        return
    writer.start_list()
    if len(shape) == 1:
        _write_leaves(writer, column, texts)
    else:
        size = math.prod(shape[1:])
        for start in range(0, shape[0] * size, size) if size else [0] * shape[0]:
            _write_tensor(writer, column, texts[start : start + size], shape[1:])
    writer.end_list()


def _write_leaves(writer, column, texts):
    if not column.is_bytes:
        writer.values(texts)
        return
    for text in texts:
        writer.start_object()
        writer.key("b64")
        writer.values([text])
        writer.end_object()
