"""A gRPC server of our own, which answers like a model and fails as it is told to."""

import contextlib
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import grpc
import numpy as np

from export.protocol import PREDICTION_SERVICE, PredictResponse
from export.protocol.tensors import to_array, to_proto

CLASSES = ["no", "perhaps", "yes"]
PREDICT = PREDICTION_SERVICE.methods["Predict"]


def answer(inputs):
    """What a model may say: `yes` by the number in the text, weights by presence."""
    given = np.array([[bool(cell) for cell in inputs[key]] for key in inputs])
    present = given.T.astype("float32")  # (B, M)
    yes = np.array([int(text or 0) / 1000 for text in inputs["text"]], "float32")
    no = 1 - yes
    return {
        "classes": np.array([CLASSES] * len(yes), object),
        "scores": np.stack([no, np.zeros_like(no), yes], axis=1),
        "modality_weights": present / np.maximum(present.sum(1, keepdims=True), 1),
    }


class FakeServer:
    """Keeps what it is asked; `faults` are what happens first, one for each call.

    A fault is a (code, details) pair, or a number of seconds to wait. `refuse` is
    a function of the inputs that gives a reason, or None.
    """

    def __init__(self, *, faults=(), model=answer, refuse=lambda inputs: None,
                 credentials=None, port=0, options=()):  # fmt: skip
        self.faults, self.model, self.refuse = deque(faults), model, refuse
        self.requests, self.metadata, self.attempts = [], [], 0
        self._lock, self.running, self.most_running = threading.Lock(), 0, 0
        self._server = grpc.server(ThreadPoolExecutor(16), options=options)
        handler = grpc.unary_unary_rpc_method_handler(
            self._handle,
            request_deserializer=PREDICT.request.FromString,
            response_serializer=PREDICT.response.SerializeToString,
        )
        self._server.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler(
                PREDICTION_SERVICE.name, {"Predict": handler})]
        )  # fmt: skip
        if credentials:
            self.port = self._server.add_secure_port(f"localhost:{port}", credentials)
        else:
            self.port = self._server.add_insecure_port(f"localhost:{port}")
        self._server.start()

    @property
    def address(self):
        return f"localhost:{self.port}"

    def stop(self, grace=0):
        self._server.stop(grace).wait()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def _handle(self, request, context):
        with self._counted():
            fault = self._next_fault()
            if isinstance(fault, tuple):
                context.abort(*fault)
            if fault:
                time.sleep(fault)
            inputs = {key: to_array(proto) for key, proto in request.inputs.items()}
            inputs = {key: inputs[key] for key in ("text", "image", "audio")}
            self.requests.append((request, inputs))
            self.metadata.append(dict(context.invocation_metadata()))
            if reason := self.refuse(inputs):
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, reason)
            response = PredictResponse()
            for key, value in self.model(inputs).items():
                response.outputs[key].CopyFrom(to_proto(value))
            return response

    @contextlib.contextmanager
    def _counted(self):
        with self._lock:
            self.attempts += 1
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        try:
            yield
        finally:
            with self._lock:
                self.running -= 1

    def _next_fault(self):
        with self._lock:
            return self.faults.popleft() if self.faults else None
