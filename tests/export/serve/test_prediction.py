"""Codes and texts as TensorFlow Serving gives them, on a model not of mmtf's."""

import re

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2, types_pb2
from tensorflow_serving.apis import predict_pb2

from export.serve.models import Models, load_latest
from export.serve.prediction import predict


@pytest.fixture(scope="module")
def models(arithmetic_folder):
    return Models([load_latest(arithmetic_folder)])


def make_request(name="arithmetic", signature="", outputs=(), **inputs):
    request = predict_pb2.PredictRequest(output_filter=outputs)
    request.model_spec.name = name
    request.model_spec.signature_name = signature
    for key, value in inputs.items():
        request.inputs[key].CopyFrom(tf.make_tensor_proto(value))
    return request


X, Y = np.array([1, 2], np.float32), np.array([3, 4], np.float32)


def test_the_answer_names_model_signature_and_version(models):
    response = predict(models, make_request(x=X, y=Y))

    assert response.model_spec.name == "arithmetic"
    assert response.model_spec.signature_name == "serving_default"
    assert response.model_spec.version.value == 1


def test_outputs_are_in_typed_fields(models):
    outputs = predict(models, make_request(x=X, y=Y)).outputs

    assert sorted(outputs) == ["product", "sum"]
    assert list(outputs["sum"].float_val) == [4.0, 6.0]
    assert [dim.size for dim in outputs["product"].tensor_shape.dim] == [2]


def test_the_filter_chooses_outputs(models):
    response = predict(models, make_request(x=X, y=Y, outputs=["product"]))

    assert list(response.outputs) == ["product"]


NOT_A_TENSOR = tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, tensor_content=b"abc")
INVALID = tf.errors.InvalidArgumentError
FAULTS = {
    "no spec": (predict_pb2.PredictRequest(), INVALID, "Missing ModelSpec"),
    "unknown model": (
        make_request("other"),
        tf.errors.NotFoundError,
        "Servable not found for request: Latest(other)",
    ),
    "unknown signature": (
        make_request(signature="foo", z=X),
        tf.errors.FailedPreconditionError,
        'Serving signature key "foo" not found.',
    ),
    "too few inputs": (
        make_request(x=X),
        INVALID,
        "input size does not match signature: 1!=2 len({x}) != len({x,y}). "
        "Sent extra: {}. Missing but required: {y}.",
    ),
    "too many inputs": (
        make_request(x=X, y=Y, a=X),
        INVALID,
        "input size does not match signature: 3!=2 len({a,x,y}) != len({x,y}). "
        "Sent extra: {a}. Missing but required: {}.",
    ),
    "wrong name": (
        make_request(x=X, a=Y),
        INVALID,
        "Signature input alias: y(feed name: serving_default_y:0) not found in "
        "request and no default value provided. Inputs expected to be in the "
        "request {a,x}, or default input alias set: ",
    ),
    "not a tensor": (
        make_request(x=X, y=NOT_A_TENSOR),
        INVALID,
        "tensor parsing error: y",
    ),
    "unknown output": (
        make_request(x=X, y=Y, outputs=["sum", "foo"]),
        INVALID,
        "output tensor alias not found in signature: foo Outputs expected to be in "
        "the set {product,sum}.",
    ),
    "repeated output": (
        make_request(x=X, y=Y, outputs=["sum", "sum"]),
        INVALID,
        "duplicate output tensor alias: sum",
    ),
    "wrong type": (
        make_request(x=X, y=["a", "b"]),
        INVALID,
        "Expects arg[1] to be float but string is provided",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_the_servers_code_and_text(models, fault):
    request, error, message = FAULTS[fault]

    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        predict(models, request)


def test_inputs_that_do_not_fit_together_are_the_graphs_to_refuse(models):
    with pytest.raises(INVALID, match="Incompatible shapes"):
        predict(models, make_request(x=X, y=np.ones(3, np.float32)))


def test_the_clients_deadline_ends_the_computation(counting_folder):
    counting = Models([load_latest(counting_folder)])
    request = make_request("counting", to=np.int64(10**12))

    with pytest.raises(tf.errors.DeadlineExceededError):
        predict(counting, request, timeout_seconds=0.05)
