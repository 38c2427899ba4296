"""Services, sessions and batchers that tell a Metrics what they do.

Each wraps another object and is used in its place. A computation is counted under the
call that it is for, which the thread of the call remembers.
"""

import contextlib
import contextvars
import time
from collections.abc import Iterator

from export.runtime.status import StatusError
from export.serve.metrics import Metrics

_api = contextvars.ContextVar("api", default="")


@contextlib.contextmanager
def computing_for(api: str) -> Iterator[None]:
    """What is computed meanwhile, in this thread, is for this call."""
    token = _api.set(api)
    try:
        yield
    finally:
        _api.reset(token)


class MeteredService:
    """A Service for the gRPC server: its predictions are counted and timed.

    As in TensorFlow Serving, the calls that are not counted are MultiInference and
    those that compute nothing.

    Args:
        service: an `export.serve.service.Service`.
        metrics: what is told.
    """

    def __init__(self, service, metrics: Metrics):
        self._service = service
        self._metrics = metrics

    def __getattr__(self, name):
        return getattr(self._service, name)

    def predict(self, request, timeout_seconds=None):
        """Like the service's."""
        return self._call("Predict", self._service.predict, request, timeout_seconds)

    def classify(self, request, timeout_seconds=None):
        """Like the service's."""
        return self._call("Classify", self._service.classify, request, timeout_seconds)

    def regress(self, request, timeout_seconds=None):
        """Like the service's."""
        return self._call("Regress", self._service.regress, request, timeout_seconds)

    def multi_inference(self, request, timeout_seconds=None):
        """Like the service's."""
        with computing_for("MultiInference"):
            return self._service.multi_inference(request, timeout_seconds)

    def _call(self, api, call, request, timeout_seconds):
        start, status = time.perf_counter(), "UNKNOWN"
        try:
            with computing_for(api):
                response = call(request, timeout_seconds)
            status = "OK"
            return response
        except StatusError as error:
            status = error.code.name
            raise
        finally:
            seconds = time.perf_counter() - start
            name = request.model_spec.name
            self._metrics.observe_request("GRPC", api, name, status, seconds)


class MeteredRunner:
    """A session, or a batcher, whose computations for requests are timed.

    Args:
        runner: what computes.
        metrics: what is told.
        model_name: whose computations these are.
    """

    def __init__(self, runner, metrics: Metrics, model_name: str):
        self._runner = runner
        self._metrics = metrics
        self._model_name = model_name

    def __getattr__(self, name):
        return getattr(self._runner, name)

    def run(self, signature_name, inputs, **options):
        """Like the runner's."""
        start = time.perf_counter()
        outputs = self._runner.run(signature_name, inputs, **options)
        seconds = time.perf_counter() - start
        self._metrics.observe_run(self._model_name, _api.get(), seconds)
        return outputs


class MeteredBatches:
    """The session that a batcher runs batches on: they are counted.

    Args:
        session: what computes.
        metrics: what is told.
    """

    def __init__(self, session, metrics: Metrics):
        self._session = session
        self._metrics = metrics

    def __getattr__(self, name):
        return getattr(self._session, name)

    def run(self, signature_name, inputs, **options):
        """Like the session's."""
        outputs = self._session.run(signature_name, inputs, **options)
        rows = max((len(array) for array in inputs.values() if array.ndim), default=0)
        self._metrics.observe_batch(rows)
        return outputs
