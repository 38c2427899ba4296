"""The wire contract of TensorFlow Serving, without TensorFlow.

The messages are named as in the .proto files, such as
`from export.protocol import PredictRequest, TensorProto`; so are the enums
`DataType` and `Code` (of `tensorflow.error`).
"""

from export.protocol.pool import ENUMS, MESSAGES, POOL
from export.protocol.services import MODEL_SERVICE, PREDICTION_SERVICE

__all__ = ["MODEL_SERVICE", "POOL", "PREDICTION_SERVICE", *MESSAGES, *ENUMS]


def __getattr__(name):
    for kind in (MESSAGES, ENUMS):
        if name in kind:
            return kind[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return __all__
