"""Points 16 to 18: MultiInference, with the server's codes and words."""

import re

import pytest

from export.protocol import BatchingParameters, MultiInferenceRequest
from export.runtime import Code, StatusError
from export.serve.batching import Batcher
from export.serve.models import Models
from export.serve.multi_inference import multi_inference
from export.serve.servable import Servable
from tests.export.serve.conftest import make_spec
from tests.export.serve.example_models import (
    CLASSIFY,
    REGRESS,
    load_example_models,
    make_example,
)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return load_example_models(tmp_path_factory.mktemp("m"))


def make_request(*tasks, model="m"):
    request = MultiInferenceRequest()
    for method, signature in tasks:
        task = request.tasks.add(method_name=method)
        task.model_spec.name = model
        task.model_spec.signature_name = signature
    request.input.example_list.examples.extend(
        [make_example(x=2, y=4), make_example(x=6)]
    )
    return request


def refused(message, code=Code.INVALID_ARGUMENT):
    return pytest.raises(StatusError, match=f"^{code.name}: {re.escape(message)}")


def test_all_tasks_are_answered_in_order(models):
    request = make_request(
        (REGRESS, "regress"), (CLASSIFY, ""), (REGRESS, "regress_flat")
    )

    regressed, classified, flat = multi_inference(models, request).results

    assert [each.value for each in regressed.regression_result.regressions] == [3, 5]
    assert [each.value for each in flat.regression_result.regressions] == [5, 3]
    rows = classified.classification_result.classifications
    assert [each.score for each in rows[0].classes] == [2, 4]
    names = [r.model_spec.signature_name for r in (regressed, classified, flat)]
    assert names == ["regress", "serving_default", "regress_flat"]
    assert {r.model_spec.version.value for r in (regressed, classified)} == {3}


FAULTS = {
    "no task": (make_request(), "ModelSpec has no name specified."),
    "unknown signature": (
        make_request((REGRESS, "foo")),
        "Requested signature not found in model graph: foo",
    ),
    "signature twice": (
        make_request((REGRESS, "regress"), (CLASSIFY, "regress")),
        "Duplicate evaluation of signature: regress",
    ),
    "does not classify": (
        make_request((CLASSIFY, "regress")),
        "Expected classification signature outputs to contain at least one of",
    ),
    "does not regress": (make_request((REGRESS, "")), "Expected one output Tensor."),
    "another input": (
        make_request((REGRESS, "regress"), (REGRESS, "regress_other")),
        "Input tensor must be the same for all Signatures.",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_the_servers_words(models, fault):
    """Point 16 for the unknown signature, point 18 for the others."""
    request, message = FAULTS[fault]

    with refused(message):
        multi_inference(models, request)


def test_other_methods_are_not_implemented(models):
    """Point 18."""
    message = "Unsupported signature method_name: tensorflow/serving/predict"
    with refused(message, Code.UNIMPLEMENTED):
        multi_inference(models, make_request(("tensorflow/serving/predict", "")))


def test_there_is_one_model(models):
    """Point 18."""
    request = make_request((REGRESS, "regress"), (CLASSIFY, ""))
    request.tasks[1].model_spec.name = "other"
    with refused(
        "All ModelSpecs in a MultiInferenceRequest must access the same model name."
    ):
        multi_inference(models, request)
    request.tasks[1].model_spec.name = ""
    with refused("Found ModelSpec with an empty model name."):
        multi_inference(models, request)


def test_an_unknown_model_is_not_found(models):
    with refused("Servable not found for request: Latest(other)", Code.NOT_FOUND):
        multi_inference(models, make_request((REGRESS, "regress"), model="other"))


def test_a_request_must_have_examples(models):
    request = make_request((REGRESS, "regress"))
    request.ClearField("input")

    with refused("Input is empty."):
        multi_inference(models, request)


def test_method_names_are_checked_on_request(models):
    request = make_request((CLASSIFY, "regress"))

    with refused("Expected classification signature method_name to be"):
        multi_inference(models, request, check_method_name=True)


@pytest.fixture(params=["alone", "batched"])
def chance_models(models, request):
    """The same model, straight and through a batcher."""
    with models.use(make_spec("m")) as servable:
        if request.param == "alone":
            yield models
            return
        batcher = Batcher(servable.session, BatchingParameters())
    yield Models([Servable("m", 3, servable.session, batcher)])
    batcher.close()


def test_all_tasks_are_computed_in_one_run(chance_models):
    """Two signatures share a number that each run draws anew."""
    tasks = (REGRESS, "chance"), (CLASSIFY, ""), (REGRESS, "chance_again")

    first, _, again = multi_inference(chance_models, make_request(*tasks)).results
    (other,) = multi_inference(chance_models, make_request(tasks[0])).results

    drawn, same, anew = (
        [each.value for each in result.regression_result.regressions]
        for result in (first, again, other)
    )
    assert drawn == same != anew


def test_a_lone_task_is_merged_with_requests_of_its_kind(models):
    request = make_request((REGRESS, "regress"))
    with models.use(make_spec("m")) as servable:
        noting = NotingServable(servable)

    multi_inference(Models([noting]), request, timeout_seconds=100)

    assert noting.runs == [("regress", ["outputs"], 100)]


class NotingServable:
    """Notes what it is asked to run."""

    def __init__(self, servable):
        self._servable = servable
        self.name, self.version = servable.name, servable.version
        self.signatures = servable.signatures
        self.runs = []

    def run(self, name, inputs, *, outputs, timeout_seconds):
        self.runs.append((name, list(outputs), timeout_seconds))
        return self._servable.run(name, inputs, outputs=outputs)
