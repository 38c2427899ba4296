import numpy as np
import pytest

from export.protocol import ClassificationRequest, PredictRequest
from export.runtime.status import Code, StatusError
from export.serve.metered import (
    MeteredBatches,
    MeteredRunner,
    MeteredService,
    computing_for,
)


class Ledger:
    """A Metrics that remembers what it was told."""

    def __init__(self):
        self.entries = []

    def __getattr__(self, name):
        def observe(*values):
            kept = [v for v in values if not isinstance(v, float)]
            assert all(v >= 0 for v in values if isinstance(v, float))
            self.entries.append((name, *kept))

        return observe


class Backend:
    """A service and a session."""

    signatures = {"s": 1}

    def __init__(self, error=None):
        self.error = error

    def predict(self, request, timeout_seconds=None):
        if self.error:
            raise self.error
        return request, timeout_seconds

    classify = regress = get_model_status = predict

    def run(self, signature_name, inputs, *, outputs=None, timeout_seconds=None):
        if self.error:
            raise self.error
        return {"y": outputs, "timeout": timeout_seconds}


def predict_request():
    request = PredictRequest()
    request.model_spec.name = "m"
    return request


def test_a_call_is_counted_and_answered_as_before():
    ledger = Ledger()
    service = MeteredService(Backend(), ledger)
    request = predict_request()

    assert service.predict(request, 2.0) == (request, 2.0)
    assert service.classify(ClassificationRequest())[1] is None
    assert service.get_model_status(request, 1) == (request, 1)
    assert ledger.entries == [
        ("observe_request", "GRPC", "Predict", "m", "OK"),
        ("observe_request", "GRPC", "Classify", "", "OK"),
    ]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (StatusError(Code.NOT_FOUND, "no"), "NOT_FOUND"),
        (ZeroDivisionError(), "UNKNOWN"),
    ],
)
def test_a_failed_call_is_counted_as_such(error, status):
    ledger = Ledger()

    with pytest.raises(type(error)):
        MeteredService(Backend(error), ledger).predict(predict_request())

    assert ledger.entries == [("observe_request", "GRPC", "Predict", "m", status)]


def test_a_computation_is_counted_under_its_call():
    ledger = Ledger()
    runner = MeteredRunner(Backend(), ledger, "m")

    with computing_for("Regress"):
        answer = runner.run("s", {}, outputs=["y"], timeout_seconds=3)
    runner.run("s", {})

    assert answer == {"y": ["y"], "timeout": 3}
    assert runner.signatures == {"s": 1}
    assert ledger.entries == [
        ("observe_run", "m", "Regress"),
        ("observe_run", "m", ""),
    ]


def test_a_call_that_is_not_counted_names_its_computations():
    ledger, backend = Ledger(), Backend()
    runner = MeteredRunner(backend, ledger, "m")
    backend.multi_inference = lambda request, timeout_seconds: runner.run("s", {})

    MeteredService(backend, ledger).multi_inference(predict_request())

    assert ledger.entries == [("observe_run", "m", "MultiInference")]


def test_batches_are_counted_with_their_rows():
    ledger = Ledger()
    session = MeteredBatches(Backend(), ledger)

    session.run("s", {"a": np.zeros((3, 2)), "b": np.zeros(())})

    assert session.signatures == {"s": 1}
    assert ledger.entries == [("observe_batch", 3)]
