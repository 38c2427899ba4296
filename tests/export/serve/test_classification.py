"""Points 16 and 17: Classify, with the server's codes and words."""

import re

import numpy as np
import pytest

from export.protocol import ClassificationRequest, DataType, SignatureDef
from export.runtime import Code, StatusError
from export.serve.classification import classify
from export.serve.models import Models
from export.serve.servable import Servable
from tests.export.serve.example_models import load_example_models, make_example


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return load_example_models(tmp_path_factory.mktemp("m"))


def make_request(signature="", *, examples=({"x": 1, "y": 2}, {"x": 3}), context=None):
    request = ClassificationRequest()
    request.model_spec.name = "m"
    request.model_spec.signature_name = signature
    examples = [make_example(**example) for example in examples]
    if context is None:
        request.input.example_list.examples.extend(examples)
    else:
        request.input.example_list_with_context.examples.extend(examples)
        request.input.example_list_with_context.context.CopyFrom(
            make_example(**context)
        )
    return request


def read(response):
    return [
        [(each.label, each.score) for each in row.classes]
        for row in response.result.classifications
    ]


def refused(message, code=Code.INVALID_ARGUMENT):
    return pytest.raises(StatusError, match=f"^{code.name}: {re.escape(message)}")


def test_each_example_gets_its_classes_and_scores(models):
    response = classify(models, make_request())

    assert read(response) == [[("x", 1), ("y", 2)], [("x", 3), ("y", 0)]]
    spec = response.model_spec
    assert (spec.name, spec.version.value) == ("m", 3)
    assert spec.signature_name == "serving_default"


@pytest.mark.parametrize(
    ("signature", "expected"),
    [("classes", [("x", 0), ("y", 0)]), ("scores", [("", 1), ("", 2)])],
)
def test_a_signature_may_give_but_one_of_them(models, signature, expected):
    response = classify(models, make_request(signature))

    assert read(response)[0] == expected
    assert response.model_spec.signature_name == signature


def test_an_examples_features_go_before_the_contexts(models):
    request = make_request(context={"x": 8, "y": 9}, examples=({}, {"y": 5}))

    assert read(classify(models, request)) == [
        [("x", 8), ("y", 9)],
        [("x", 8), ("y", 5)],
    ]


def test_a_request_must_have_a_spec(models):
    with refused("Missing ModelSpec"):
        classify(models, ClassificationRequest())


@pytest.mark.parametrize(
    "request_",
    [
        make_request(examples=()),
        make_request(examples=(), context={"x": 1}),
        ClassificationRequest(model_spec=make_request().model_spec),
    ],
    ids=["list", "list with context", "neither"],
)
def test_a_request_must_have_examples(models, request_):
    """Point 17."""
    with refused("Input is empty."):
        classify(models, request_)


@pytest.mark.parametrize(
    ("signature", "message"),
    [
        ("foo", "No signature was found with the name: foo"),
        ("three", "Expected one or two output Tensors, found 3"),
        (
            "misnamed",
            "Expected classification signature outputs to contain at least one of "
            '"classes" or "scores". Signature was: inputs {',
        ),
        ("flat", "Expected Tensor shape: [batch_size num_classes] but got [2]"),
        ("integers", "Expected scores Tensor of DT_FLOAT. Got: DT_INT32"),
        ("one_row", "Expected scores output batch size of 2. Got: 1"),
        (
            "uneven",
            "Tensors class and score should match in dim_size(1). Got 2 vs. 1",
        ),
    ],
)
def test_signatures_must_classify(models, signature, message):
    """Point 16 for the unknown one, point 17 for the others."""
    with refused(message):
        classify(models, make_request(signature))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["inputs", "more"], "Expected one input Tensor."),
        (["text"], "No classification inputs found in SignatureDef: inputs {"),
    ],
)
def test_the_input_must_be_the_only_one_and_named_so(names, message):
    """Point 17."""
    signature = SignatureDef()
    signature.outputs["scores"].name = "scores:0"
    for name in names:
        signature.inputs[name].name = f"{name}:0"

    class Session:
        signatures = {"serving_default": signature}

    with refused(message):
        classify(Models([Servable("m", 1, Session())]), make_request())


def test_method_names_are_checked_on_request(models):
    assert read(classify(models, make_request(), check_method_name=True))

    message = (
        "Expected classification signature method_name to be "
        "tensorflow/serving/classify. Was: tensorflow/serving/regress"
    )
    with refused(message):
        classify(models, make_request("regress"), check_method_name=True)


def test_labels_that_are_no_text_do_no_harm():
    signature = SignatureDef()
    signature.inputs["inputs"].name = "inputs:0"
    signature.outputs["classes"].dtype = DataType.DT_STRING

    class Session:
        signatures = {"serving_default": signature}

        def run(self, *args, **options):
            return {"classes": np.array([[b"\xff"], [b"\xc3\xa4"]], object)}

    response = classify(Models([Servable("m", 1, Session())]), make_request())

    assert read(response) == [[("\ufffd", 0)], [("ä", 0)]]
