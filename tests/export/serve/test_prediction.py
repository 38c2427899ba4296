"""Codes and texts as TensorFlow Serving gives them, on a model not of mmtf's."""

import re

import numpy as np
import pytest

from export.protocol import (
    DataType,
    PredictRequest,
    SignatureDef,
    TensorProto,
)
from export.protocol.tensors import to_array, to_proto, to_proto_content
from export.runtime import Code, SavedModelSession, StatusError
from export.serve.models import Models
from export.serve.prediction import predict
from export.serve.servable import Servable


@pytest.fixture(scope="module")
def models(arithmetic_folder):
    session = SavedModelSession(arithmetic_folder + "/1")
    yield Models([Servable("arithmetic", 1, session)])
    session.close()


def make_request(name="arithmetic", signature="", outputs=(), **inputs):
    request = PredictRequest(output_filter=outputs)
    request.model_spec.name = name
    request.model_spec.signature_name = signature
    for key, value in inputs.items():
        is_proto = isinstance(value, TensorProto)
        request.inputs[key].CopyFrom(value if is_proto else to_proto(value))
    return request


X, Y = np.array([1, 2], np.float32), np.array([3, 4], np.float32)


def test_the_answer_names_model_signature_and_version(models):
    """Point 11."""
    response = predict(models, make_request(x=X, y=Y))

    assert response.model_spec.name == "arithmetic"
    assert response.model_spec.signature_name == "serving_default"
    assert response.model_spec.version.value == 1


def test_outputs_are_in_typed_fields(models):
    """Point 11."""
    outputs = predict(models, make_request(x=X, y=Y)).outputs

    assert sorted(outputs) == ["product", "sum"]
    assert list(outputs["sum"].float_val) == [4.0, 6.0]
    assert [dim.size for dim in outputs["product"].tensor_shape.dim] == [2]


def test_outputs_are_in_tensor_content_on_request(models):
    """Point 11."""
    outputs = predict(models, make_request(x=X, y=Y), as_content=True).outputs

    assert not outputs["sum"].float_val
    assert outputs["sum"].tensor_content == np.array([4, 6], np.float32).tobytes()


def test_inputs_may_be_in_either_encoding(models):
    """Point 12."""
    request = make_request(x=to_proto_content(X), y=to_proto(Y))

    outputs = predict(models, request).outputs

    assert to_array(outputs["sum"]).tolist() == [4, 6]


def test_the_filter_chooses_what_is_computed():
    """Point 9."""
    session = NotingSession()
    models = Models([Servable("m", 1, session)])

    response = predict(models, make_request("m", outputs=["product"], x=X, y=Y))

    assert list(response.outputs) == ["product"]
    assert session.outputs == ["product"]


class NotingSession:
    """Answers with what it was asked for."""

    def __init__(self, method_name="", defaults=()):
        signature = SignatureDef(method_name=method_name)
        for name in ("x", "y"):
            signature.inputs[name].name = f"feed_{name}:0"
        for name in ("sum", "product"):
            signature.outputs[name].name = f"{name}:0"
        for name in defaults:
            signature.defaults[name].CopyFrom(to_proto(X))
        self.signatures = {"serving_default": signature}

    def run(self, signature_name, inputs, *, outputs=None, timeout_seconds=None):
        self.inputs, self.outputs = inputs, outputs
        return {name: X for name in outputs}


NOT_A_TENSOR = TensorProto(dtype=DataType.DT_FLOAT, tensor_content=b"abc")
INVALID = Code.INVALID_ARGUMENT
FAULTS = {
    "Point 1, no spec": (PredictRequest(), INVALID, "Missing ModelSpec"),
    "Point 1, no name": (make_request(""), INVALID, "ModelSpec has no name specified."),
    "Point 2, unknown model": (
        make_request("other"),
        Code.NOT_FOUND,
        "Servable not found for request: Latest(other)",
    ),
    "Point 5, unknown signature": (
        make_request(signature="foo", z=X),
        Code.FAILED_PRECONDITION,
        'Serving signature key "foo" not found.',
    ),
    "Point 6, too few inputs": (
        make_request(x=X),
        INVALID,
        "input size does not match signature: 1!=2 len({x}) != len({x,y}). "
        "Sent extra: {}. Missing but required: {y}.",
    ),
    "Point 6, too many inputs": (
        make_request(x=X, y=Y, a=X),
        INVALID,
        "input size does not match signature: 3!=2 len({a,x,y}) != len({x,y}). "
        "Sent extra: {a}. Missing but required: {}.",
    ),
    "Point 7, wrong name": (
        make_request(x=X, a=Y),
        INVALID,
        "Signature input alias: y(feed name: serving_default_y:0) not found in "
        "request and no default value provided. Inputs expected to be in the "
        "request {a,x}, or default input alias set: ",
    ),
    "Point 8, not a tensor": (
        make_request(x=X, y=NOT_A_TENSOR),
        INVALID,
        "tensor parsing error: y",
    ),
    "Point 9, unknown output": (
        make_request(x=X, y=Y, outputs=["sum", "foo"]),
        INVALID,
        "output tensor alias not found in signature: foo Outputs expected to be in "
        "the set {product,sum}.",
    ),
    "Point 9, repeated output": (
        make_request(x=X, y=Y, outputs=["sum", "sum"]),
        INVALID,
        "duplicate output tensor alias: sum",
    ),
    "Point 10, wrong type": (
        make_request(x=X, y=np.array([b"a", b"b"], object)),
        INVALID,
        "Expects arg[1] to be float but string is provided",
    ),
}


def refused(code, message):
    return pytest.raises(StatusError, match=f"^{code.name}: {re.escape(message)}$")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_the_servers_code_and_text(models, fault):
    """Points 1 to 10; each case says which."""
    request, code, message = FAULTS[fault]

    with refused(code, message):
        predict(models, request)


def test_versions_and_labels_that_are_not_there(models):
    """Point 3, point 4."""
    request = make_request(x=X, y=Y)
    request.model_spec.version.value = 7
    with refused(
        Code.NOT_FOUND, "Servable not found for request: Specific(arithmetic, 7)"
    ):
        predict(models, request)
    request.model_spec.version_label = "canary"
    with refused(INVALID, "Unrecognized servable version label: canary"):
        predict(models, request)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (
            {"a": X},
            "Signature input alias: x(feed name: feed_x:0) not found in request and no "
            "default value provided. Inputs expected to be in the request {a}, or "
            "default input alias set: y",
        ),
        (
            {"x": X, "a": X},
            "Inputs contains invalid name. Used request inputs: x, request input: a,x",
        ),
    ],
)
def test_wrong_names_beside_defaults(inputs, message):
    """Point 7."""
    models = Models([Servable("m", 1, NotingSession(defaults=["y"]))])

    with refused(INVALID, message):
        predict(models, make_request("m", **inputs))


def test_an_input_with_a_default_may_be_left_out():
    """Point 7."""
    session = NotingSession(defaults=["y"])

    predict(Models([Servable("m", 1, session)]), make_request("m", x=X))

    assert list(session.inputs) == ["x"]


def test_ranks_are_left_to_the_graph(models):
    """Point 10: the server does not check them."""
    x, y = X.reshape(2, 1), Y.reshape(1, 2)

    outputs = predict(models, make_request(x=x, y=y)).outputs

    assert to_array(outputs["sum"]).tolist() == [[4, 5], [5, 6]]


def test_inputs_that_do_not_fit_together_are_the_graphs_to_refuse(models):
    with pytest.raises(StatusError, match="INVALID_ARGUMENT: .*Incompatible shapes"):
        predict(models, make_request(x=X, y=np.ones(3, np.float32)))


def test_the_clients_deadline_ends_the_computation(counting_folder):
    """Point 13."""
    counting = Models(
        [Servable("counting", 1, SavedModelSession(counting_folder + "/1"))]
    )
    request = make_request("counting", to=np.int64(10**12))

    with pytest.raises(StatusError, match="^DEADLINE_EXCEEDED"):
        predict(counting, request, timeout_seconds=0.05)


def test_methods_are_told_apart_on_request():
    request = make_request("m", x=X, y=Y)
    known = NotingSession(method_name="tensorflow/serving/regress")
    predict(Models([Servable("m", 1, known)]), request, check_method_name=True)
    unknown = Models([Servable("m", 1, NotingSession(method_name="own"))])

    predict(unknown, request)
    message = (
        "Expected prediction signature method_name to be one of "
        "{tensorflow/serving/predict, tensorflow/serving/classify, "
        "tensorflow/serving/regress}. Was: own"
    )
    with refused(Code.INTERNAL, message):
        predict(unknown, request, check_method_name=True)


HUGE = TensorProto(dtype=DataType.DT_FLOAT, float_val=[1])
HUGE.tensor_shape.dim.add(size=2**40)
NEGATIVE = TensorProto(dtype=DataType.DT_FLOAT, float_val=[1])
NEGATIVE.tensor_shape.dim.add(size=-1)
MANY_AXES = TensorProto(dtype=DataType.DT_FLOAT, float_val=[1])
for _ in range(300):
    MANY_AXES.tensor_shape.dim.add(size=1)
ZERO_BY_HUGE = TensorProto(dtype=DataType.DT_FLOAT)
for size in (0, 2**62, 2**62):
    ZERO_BY_HUGE.tensor_shape.dim.add(size=size)


@pytest.mark.parametrize(
    "tensor",
    [HUGE, NEGATIVE, MANY_AXES, ZERO_BY_HUGE, TensorProto(), TensorProto(dtype=999)],
    ids=["huge", "negative", "many axes", "zero by huge", "empty", "unknown type"],
)
def test_what_is_no_tensor_costs_nothing(models, tensor):
    with refused(INVALID, "tensor parsing error: y"):
        predict(models, make_request(x=X, y=tensor))


def test_a_signature_without_tensors_does_no_harm(models):
    """Every SavedModel has this one, whose output is an operation without any."""
    with pytest.raises(StatusError):
        predict(models, make_request(signature="__saved_model_init_op"))
