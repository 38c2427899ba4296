"""TensorProto to NumPy and back, as TensorFlow's C++ code does it.

Sources: Tensor::FromProto, AsProtoField and AsProtoTensorContent in
tensorflow/core/framework/tensor.cc. Quantised types, 4-bit and 8-bit floats,
resources and variants are not read.
"""

import numpy as np

from export.protocol import content
from export.protocol.pool import MESSAGES
from export.protocol.tensor_types import (
    NUMBERS,
    STRING,
    numpy_type,
    tensor_type,
    type_name,
)

MAX_FILLED_BYTES = 2**28
"""Memory that values left out of a message may take: a shape costs its sender
nothing. A larger tensor must be written out."""

_MAX_ELEMENTS = 2**63 - 1
_TensorProto = MESSAGES["TensorProto"]


def to_array(proto) -> np.ndarray:
    """Reads a tensor from either of a TensorProto's encodings.

    Values that are missing at the end repeat the last one; where there is
    none, they are zero or empty. Values too many are left out.

    Args:
        proto: a TensorProto, of this package or of TensorFlow.

    Returns:
        An array of the proto's shape; strings are an object array of bytes.

    Raises:
        ValueError: type, shape and content do not go together, or the shape
            asks for more memory than `MAX_FILLED_BYTES` without content for it.
    """
    shape = [dim.size for dim in proto.tensor_shape.dim]
    count = _count(shape)
    if proto.dtype == STRING:
        values = _read_strings(proto, count)
    elif proto.dtype in NUMBERS:
        values = _read_numbers(proto, count)
    else:
        raise ValueError(f"A tensor of type {type_name(proto.dtype)} cannot be read.")
    return values.reshape(shape)


def to_proto(array: np.ndarray):
    """Writes an array to the field of its type, as servers answer.

    Args:
        array: numbers, or bytes or str as an object or string array.

    Returns:
        A TensorProto.

    Raises:
        ValueError: the array is of another type.
    """
    proto, array = _start(array)
    if proto.dtype == STRING:
        proto.string_val.extend(_bytes(array))
        return proto
    _, field, wire = NUMBERS[proto.dtype]
    if field == "half_val":
        array = array.view("uint16")
    elif array.dtype.kind == "c":
        array = array.view(wire)
    getattr(proto, field).extend(array.tolist())
    return proto


def to_proto_content(array: np.ndarray):
    """Like `to_proto`, but writes the bytes in memory to `tensor_content`."""
    proto, array = _start(array)
    if proto.dtype == STRING:
        proto.tensor_content = content.encode_strings(_bytes(array))
    else:
        little_endian = array.astype(array.dtype.newbyteorder("<"), copy=False)
        proto.tensor_content = little_endian.tobytes()
    return proto


def _count(shape):
    count = 1
    for size in shape:
        count *= size
        if size < 0 or count > _MAX_ELEMENTS:
            raise ValueError(
                "A shape must have sizes of at least 0 and fewer than 2**63 "
                f"elements. Received: {shape}."
            )
    return count


def _read_numbers(proto, count):
    _, field, wire = NUMBERS[proto.dtype]
    dtype = numpy_type(proto.dtype)
    if count and proto.tensor_content:
        return content.decode_numbers(proto.tensor_content, dtype, count)
    values = np.array(getattr(proto, field), wire)
    if field == "half_val":
        values = values.astype("uint16").view(dtype)
    elif dtype.kind == "c":
        values = values[: len(values) // 2 * 2].view(dtype)
    # C++ casts, so that 300 is 44 as an int8.
    return _fill(values.astype(dtype, copy=False), count, dtype.type(0))


def _read_strings(proto, count):
    if count and proto.tensor_content:
        strings = content.decode_strings(proto.tensor_content, count)
    else:
        strings = proto.string_val
    values = np.empty(len(strings), object)
    values[:] = strings
    return _fill(values, count, b"")


def _fill(values, count, nothing):
    if count <= len(values):
        return values[:count]
    last = values[-1] if len(values) else nothing
    # A string counts in full, since the runtime copies it for each element.
    size = values.itemsize + (len(last) if values.dtype == object else 0)
    if (count - len(values)) * size > MAX_FILLED_BYTES:
        raise ValueError(
            f"A tensor may leave out {MAX_FILLED_BYTES} bytes of equal values. "
            f"Received: a shape of {count} elements with {len(values)} values."
        )
    filled = np.empty(count, values.dtype)
    filled[: len(values)] = values
    filled[len(values) :] = last  # np.full would copy a string for each element.
    return filled


def _start(array):
    array = np.asarray(array)
    proto = _TensorProto(dtype=tensor_type(array.dtype))
    proto.tensor_shape.SetInParent()
    for size in array.shape:
        proto.tensor_shape.dim.add(size=size)
    return proto, np.ascontiguousarray(array).ravel()


def _bytes(array):
    strings = [s.encode() if isinstance(s, str) else s for s in array.tolist()]
    for string in strings:
        if not isinstance(string, bytes):
            raise ValueError(
                f"A string tensor must hold bytes or str. Received: {string!r}."
            )
    return strings
