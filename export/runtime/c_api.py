"""The functions of TensorFlow's C interface that are called here, with their types.

Source: tensorflow/c/c_api.h, tf_tensor.h, tf_tstring.h, c_api_experimental.h.
"""

import ctypes
from ctypes import POINTER, c_char_p, c_int, c_int64, c_size_t, c_void_p

Status = Session = Graph = Tensor = Options = Operation = c_void_p


# It has no C function: tensorflow::DisableXlaCompilation().
DISABLE_XLA = "_ZN10tensorflow21DisableXlaCompilationEv"


class Buffer(ctypes.Structure):
    """TF_Buffer: bytes, and who frees them.

    One that is made here keeps its bytes alive, and leaves freeing to Python.
    """

    _fields_ = [("data", c_char_p), ("length", c_size_t), ("deallocator", c_void_p)]

    def read(self) -> bytes:
        """Copies the bytes; `data` itself would end at the first zero."""
        return ctypes.string_at(c_void_p.from_buffer(self).value, self.length)


class Output(ctypes.Structure):
    """TF_Output: one output of one operation of a graph."""

    _fields_ = [("operation", Operation), ("index", c_int)]


_QUICK = {
    "TF_NewStatus": (Status, []),
    "TF_DeleteStatus": (None, [Status]),
    "TF_GetCode": (c_int, [Status]),
    "TF_Message": (c_char_p, [Status]),
    "TF_NewBuffer": (POINTER(Buffer), []),
    "TF_DeleteBuffer": (None, [POINTER(Buffer)]),
    "TF_NewSessionOptions": (Options, []),
    "TF_DeleteSessionOptions": (None, [Options]),
    "TF_SetConfig": (None, [Options, c_char_p, c_size_t, Status]),
    "TF_NewGraph": (Graph, []),
    "TF_GraphOperationByName": (Operation, [Graph, c_char_p]),
    "TF_OperationNumOutputs": (c_int, [Operation]),
    "TF_AllocateTensor": (Tensor, [c_int, POINTER(c_int64), c_int, c_size_t]),
    "TF_TensorFromProto": (None, [POINTER(Buffer), Tensor, Status]),
    "TF_DeleteTensor": (None, [Tensor]),
    "TF_TensorType": (c_int, [Tensor]),
    "TF_NumDims": (c_int, [Tensor]),
    "TF_Dim": (c_int64, [Tensor, c_int]),
    "TF_TensorByteSize": (c_size_t, [Tensor]),
    "TF_TensorData": (c_void_p, [Tensor]),
    "TF_StringGetDataPointer": (c_void_p, [c_void_p]),
    "TF_StringGetSize": (c_size_t, [c_void_p]),
}
_LONG = {
    "TF_LoadSessionFromSavedModel": (
        Session,
        [Options, POINTER(Buffer), c_char_p, POINTER(c_char_p), c_int]
        + [Graph, POINTER(Buffer), Status],
    ),
    "TF_SessionRun": (
        None,
        [Session, POINTER(Buffer), POINTER(Output), POINTER(Tensor), c_int]
        + [POINTER(Output), POINTER(Tensor), c_int, POINTER(Operation), c_int]
        + [POINTER(Buffer), Status],
    ),
    "TF_CloseSession": (None, [Session, Status]),
    "TF_DeleteSession": (None, [Session, Status]),
    "TF_DeleteGraph": (None, [Graph]),
    "TF_LoadLibrary": (c_void_p, [c_char_p, Status]),
    DISABLE_XLA: (None, []),
    "TF_GetAllOpList": (POINTER(Buffer), []),
    "TF_GetAllRegisteredKernels": (POINTER(Buffer), [Status]),
}


class CApi:
    """The C functions as attributes, under their own names.

    Those that may take long let other Python threads run meanwhile. The quick
    ones do not: to hand the interpreter over and back costs more than they do.

    Args:
        path: of libtensorflow_cc.so.2.
    """

    def __init__(self, path: str):
        for library, functions in (
            (ctypes.PyDLL(path), _QUICK),
            (ctypes.CDLL(path), _LONG),
        ):
            for name, (result, arguments) in functions.items():
                function = getattr(library, name)
                function.restype, function.argtypes = result, arguments
                setattr(self, name, function)
