"""NumPy arrays to TF_Tensors, which the runtime owns, and back."""

import ctypes

import numpy as np

from export.protocol import DataType, TensorProto
from export.protocol.tensor_types import NUMBERS, STRING, numpy_type
from export.runtime.c_api import Buffer, CApi
from export.runtime.library import raise_if_failed
from export.runtime.status import Code, StatusError

_FLOAT = DataType.DT_FLOAT
_STRING_BYTES = 24
_DTYPES = {number: numpy_type(number) for number in NUMBERS}
_NUMBERS = {dtype: number for number, dtype in _DTYPES.items()}


def new_tensor(api: CApi, array: np.ndarray, status) -> int:
    """Copies an array into a TF_Tensor; the caller deletes it.

    Args:
        array: numbers, bools, or objects of type bytes.
        status: a TF_Status to use.

    Raises:
        StatusError: INVALID_ARGUMENT; the runtime has no such type.
    """
    array = np.asarray(array)
    if array.dtype.kind in "OS":
        return _new_strings(api, array, status)
    number = _NUMBERS.get(array.dtype.newbyteorder("="))
    if number is None:
        raise StatusError(
            Code.INVALID_ARGUMENT,
            f"A tensor must hold numbers, bools or bytes. Received: {array.dtype}.",
        )
    shape = (ctypes.c_int64 * array.ndim)(*array.shape)
    tensor = api.TF_AllocateTensor(number, shape, array.ndim, array.nbytes)
    if array.size:
        values = array.astype(_DTYPES[number], order="C", copy=False)
        ctypes.memmove(api.TF_TensorData(tensor), values.ctypes.data, array.nbytes)
    return tensor


def to_array(api: CApi, tensor: int) -> np.ndarray:
    """Copies a TF_Tensor into an array; strings become objects of type bytes.

    Raises:
        StatusError: UNIMPLEMENTED; NumPy has no such type.
    """
    number = api.TF_TensorType(tensor)
    rank = api.TF_NumDims(tensor)
    shape = tuple([api.TF_Dim(tensor, axis) for axis in range(rank)])
    if number == STRING:
        return _read_strings(api, tensor, shape)
    if number not in _DTYPES:
        raise StatusError(
            Code.UNIMPLEMENTED, f"An output of the data type {number} has no array."
        )
    array = np.empty(shape, _DTYPES[number])
    if array.size:
        ctypes.memmove(array.ctypes.data, api.TF_TensorData(tensor), array.nbytes)
    return array


def tensor_from_proto(api: CApi, serialized: bytes, status) -> int:
    """Makes a TF_Tensor of a serialized TensorProto; the caller deletes it.

    Raises:
        StatusError: the runtime cannot read it.
    """
    tensor = api.TF_AllocateTensor(_FLOAT, None, 0, 4)
    buffer = Buffer(serialized, len(serialized))
    api.TF_TensorFromProto(buffer, tensor, status)
    try:
        raise_if_failed(api, status)
    except StatusError:
        api.TF_DeleteTensor(tensor)
        raise
    return tensor


def _new_strings(api, array, status):
    # Through a proto, because the runtime then owns the strings as well: they
    # live for as long as any of its threads or tables holds the tensor.
    try:
        proto = TensorProto(dtype=STRING, string_val=array.ravel().tolist())
    except TypeError as error:
        raise StatusError(
            Code.INVALID_ARGUMENT, f"A tensor of objects must hold bytes: {error}."
        ) from error
    for size in array.shape:
        proto.tensor_shape.dim.add(size=size)
    return tensor_from_proto(api, proto.SerializeToString(), status)


def _read_strings(api, tensor, shape):
    array = np.empty(shape, object)
    if not array.size:
        return array  # TF_TensorData crashes on it.
    start = api.TF_TensorData(tensor)
    raw = ctypes.string_at(start, array.size * _STRING_BYTES)
    flat = array.reshape(-1)
    for index in range(array.size):
        offset = index * _STRING_BYTES
        # The two lowest bits say where the text is; 0: in the 23 bytes that follow.
        kind, size = raw[offset] & 3, raw[offset] >> 2
        if kind == 0:
            flat[index] = raw[offset + 1 : offset + 1 + size]
            continue
        size = api.TF_StringGetSize(start + offset)
        pointer = api.TF_StringGetDataPointer(start + offset)
        flat[index] = ctypes.string_at(pointer, size)
    return array
