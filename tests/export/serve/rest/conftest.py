"""A REST API around a model that is made of NumPy."""

import json

import numpy as np
import pytest
from werkzeug.test import Client

from export.protocol import DataType, SignatureDef
from export.serve.models import Models
from export.serve.rest import make_app
from export.serve.servable import Servable
from export.serve.service import Service

NAMES = {
    np.dtype(np.float32): DataType.DT_FLOAT,
    np.dtype(np.float16): DataType.DT_HALF,
    np.dtype(np.int64): DataType.DT_INT64,
    np.dtype(np.int32): DataType.DT_INT32,
    np.dtype(bool): DataType.DT_BOOL,
    np.dtype(object): DataType.DT_STRING,
}


class NumpySession:
    """A session whose signatures are functions.

    Args:
        functions: `{signature: (function, {input: dtype}, [output])}`; a function
            takes arrays by name and gives a list of arrays.
    """

    def __init__(self, functions):
        self.defaults = {name: {} for name in functions}
        self.timeouts = []
        self._functions = functions
        self.signatures = {name: _describe(*functions[name]) for name in functions}

    def run(self, signature_name, inputs, *, outputs=None, timeout_seconds=None):
        self.timeouts.append(timeout_seconds)
        function, _, names = self._functions[signature_name]
        answers = dict(zip(names, function(**inputs), strict=True))
        return {name: answers[name] for name in outputs or names}

    def close(self):
        pass


def _describe(function, inputs, outputs):
    signature = SignatureDef(method_name="tensorflow/serving/predict")
    for name, dtype in inputs.items():
        signature.inputs[name].name = f"{name}:0"
        signature.inputs[name].dtype = NAMES[np.dtype(dtype)]
    for name in outputs:
        signature.outputs[name].name = f"{name}_out:0"
        signature.outputs[name].dtype = DataType.DT_FLOAT
    return signature


class Api:
    """Calls a WSGI application the way a test reads best."""

    def __init__(self, app, models, sessions):
        self.models = models
        self.sessions = sessions
        self._client = Client(app)

    def get(self, path, **options):
        return self._client.get(path, **options)

    def options(self, path):
        return self._client.options(path)

    def post(self, path, body, **options):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._client.post(path, data=data, **options)

    def predict(self, body, model="double"):
        return self.post(f"/v1/models/{model}:predict", body)

    def error(self, response):
        """The error's text; there must be one, and nothing else."""
        document = json.loads(response.get_data())
        assert response.mimetype == "application/json"
        assert list(document) == ["error"]
        return document["error"]


def make_api(*models, **options):
    """An Api of models: `(name, version, functions)`."""
    servables = [Servable(name, v, NumpySession(f)) for name, v, f in models]
    models = Models(servables)
    app = make_app(Service(models), **options)
    return Api(app, models, [servable.session for servable in servables])


DOUBLE = {"serving_default": (lambda x: [2 * x], {"x": np.float32}, ["y"])}
SUM = {
    "serving_default": (
        lambda a, b: [a + b, a * b],
        {"a": np.float32, "b": np.float32},
        ["sum", "product"],
    )
}
ECHO = {
    name: (lambda x: [x], {"x": dtype}, [output])
    for name, dtype, output in (
        ("strings", object, "y"),
        ("bytes", object, "y_bytes"),
        ("ints", np.int64, "y"),
        ("int32s", np.int32, "y"),
        ("bools", bool, "y"),
        ("halves", np.float16, "y"),
    )
}


@pytest.fixture(scope="session")
def api():
    return make_api(
        ("double", 1, DOUBLE), ("double", 2, DOUBLE), ("sum", 7, SUM), ("echo", 1, ECHO)
    )
