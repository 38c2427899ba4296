"""Points 16 and 17: Regress, with the server's codes and words."""

import re

import pytest

from export.protocol import RegressionRequest, SignatureDef
from export.runtime import Code, StatusError
from export.serve.models import Models
from export.serve.regression import regress
from export.serve.servable import Servable
from tests.export.serve.example_models import load_example_models, make_example


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return load_example_models(tmp_path_factory.mktemp("m"))


def make_request(signature="regress", *examples):
    request = RegressionRequest()
    request.model_spec.name = "m"
    request.model_spec.signature_name = signature
    for example in examples or ({"x": 2}, {"y": 4}):
        request.input.example_list.examples.append(make_example(**example))
    return request


def refused(message):
    code = Code.INVALID_ARGUMENT.name
    return pytest.raises(StatusError, match=f"^{code}: {re.escape(message)}")


@pytest.mark.parametrize(
    ("signature", "expected"), [("regress", [3, 2]), ("regress_flat", [3, 5])]
)
def test_each_example_gets_a_number(models, signature, expected):
    response = regress(models, make_request(signature))

    assert [each.value for each in response.result.regressions] == expected
    spec = response.model_spec
    assert (spec.name, spec.signature_name, spec.version.value) == ("m", signature, 3)


def test_a_request_must_have_a_spec_and_examples(models):
    with refused("Missing ModelSpec"):
        regress(models, RegressionRequest())
    with refused("Input is empty."):
        regress(models, RegressionRequest(model_spec=make_request().model_spec))


@pytest.mark.parametrize(
    ("signature", "message"),
    [
        ("foo", "No signature was found with the name: foo"),
        ("serving_default", "Expected one output Tensor."),
        ("scores", "No regression outputs found in SignatureDef: inputs {"),
        (
            "regress_wide",
            "Expected output Tensor shape to be either [batch_size] or "
            "[batch_size, 1] but got [2,2]",
        ),
        (
            "regress_one_row",
            "Input batch size did not match output batch size: 2 vs. 1",
        ),
        ("regress_integers", "Expected output Tensor of DT_FLOAT.  Got: DT_INT32"),
    ],
)
def test_signatures_must_regress(models, signature, message):
    """Point 16 for the unknown one, point 17 for the others."""
    with refused(message):
        regress(models, make_request(signature))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["inputs", "more"], "Expected one input Tensor."),
        (["text"], "No regression inputs found in SignatureDef: inputs {"),
    ],
)
def test_the_input_must_be_the_only_one_and_named_so(names, message):
    """Point 17."""
    signature = SignatureDef()
    signature.outputs["outputs"].name = "outputs:0"
    for name in names:
        signature.inputs[name].name = f"{name}:0"

    class Session:
        signatures = {"regress": signature}

    with refused(message):
        regress(Models([Servable("m", 1, Session())]), make_request())


def test_method_names_are_checked_on_request(models):
    assert regress(models, make_request(), check_method_name=True).result.regressions

    message = (
        "Expected regression signature method_name to be tensorflow/serving/regress. "
        "Was: tensorflow/serving/classify"
    )
    with refused(message):
        regress(models, make_request("scores"), check_method_name=True)
