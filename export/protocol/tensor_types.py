"""Which NumPy type a DataType is, and which field of a TensorProto holds it."""

import numpy as np

from export.protocol.pool import ENUMS

_DataType = ENUMS["DataType"]
STRING = _DataType.DT_STRING
NUMBERS = {
    _DataType.DT_HALF: ("float16", "half_val", "int32"),
    _DataType.DT_BFLOAT16: ("bfloat16", "half_val", "int32"),
    _DataType.DT_FLOAT: ("float32", "float_val", "float32"),
    _DataType.DT_DOUBLE: ("float64", "double_val", "float64"),
    _DataType.DT_BOOL: ("bool", "bool_val", "bool"),
    _DataType.DT_INT8: ("int8", "int_val", "int32"),
    _DataType.DT_INT16: ("int16", "int_val", "int32"),
    _DataType.DT_INT32: ("int32", "int_val", "int32"),
    _DataType.DT_INT64: ("int64", "int64_val", "int64"),
    _DataType.DT_UINT8: ("uint8", "int_val", "int32"),
    _DataType.DT_UINT16: ("uint16", "int_val", "int32"),
    _DataType.DT_UINT32: ("uint32", "uint32_val", "uint32"),
    _DataType.DT_UINT64: ("uint64", "uint64_val", "uint64"),
    _DataType.DT_COMPLEX64: ("complex64", "scomplex_val", "float32"),
    _DataType.DT_COMPLEX128: ("complex128", "dcomplex_val", "float64"),
}
"""By DataType: the NumPy type's name, the field, and what the field's numbers are."""

_TYPES = {name: data_type for data_type, (name, *_) in NUMBERS.items()}


def numpy_type(data_type: int) -> np.dtype:
    """The NumPy type of numbers, one of those in `NUMBERS`."""
    name = NUMBERS[data_type][0]
    if name == "bfloat16":
        import ml_dtypes  # Hardly ever needed, and clients may lack it.

        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype(name)


def tensor_type(dtype: np.dtype) -> int:
    """The DataType of arrays; NumPy's strings and objects are strings.

    Raises:
        ValueError: there is none.
    """
    if dtype.kind in "OSU":
        return STRING
    if dtype.name not in _TYPES:
        raise ValueError(
            f"A tensor must be one of {', '.join(_TYPES)}, or hold strings. "
            f"Received: {dtype}."
        )
    return _TYPES[dtype.name]


def type_name(data_type: int) -> str:
    """A DataType's name in the server's messages, such as `float`."""
    if data_type not in _DataType.values():
        return f"unknown dtype enum ({data_type})"
    return _DataType.Name(data_type).removeprefix("DT_").lower()
