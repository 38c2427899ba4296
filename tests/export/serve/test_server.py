"""Through gRPC on the loopback, with the official stubs."""

import os
import re
import signal
import threading

import grpc
import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from export.serve.server import serve, start
from mmtf.errors import InputError


@pytest.fixture(scope="module")
def channel(server):
    options = [("grpc.max_receive_message_length", -1)]
    with grpc.insecure_channel(f"localhost:{server.port}", options) as channel:
        yield channel


@pytest.fixture(scope="module")
def stub(channel):
    return prediction_service_pb2_grpc.PredictionServiceStub(channel)


def make_request(**inputs):
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "reviews"
    for key, values in inputs.items():
        request.inputs[key].CopyFrom(tf.make_tensor_proto(values, tf.string))
    return request


def scores_of(response):
    return tf.make_ndarray(response.outputs["scores"])


def test_served_scores_equal_predicted_ones(stub, rows, predicted):
    response = stub.Predict(make_request(**rows))

    expected = keras.ops.softmax(predicted).numpy()
    np.testing.assert_allclose(scores_of(response), expected, atol=1e-4)
    assert list(response.outputs["classes"].string_val[:2]) == [
        b"schlecht",
        "mäßig".encode(),
    ]


def test_a_row_alone_is_answered_as_among_others(stub, rows, predicted):
    alone = {key: values[5:6] for key, values in rows.items()}

    expected = keras.ops.softmax(predicted[5:6]).numpy()
    np.testing.assert_allclose(
        scores_of(stub.Predict(make_request(**alone))), expected, atol=1e-4
    )


@pytest.mark.parametrize("sent", [["text"], ["image", "audio"], ["audio"]])
def test_an_input_left_out_is_absent(stub, rows, sent):
    inputs = {key: values[6:9] for key, values in rows.items()}
    emptied = {k: v if k in sent else [b""] * 3 for k, v in inputs.items()}

    left_out = stub.Predict(make_request(**{key: inputs[key] for key in sent}))

    explicit = stub.Predict(make_request(**emptied))
    np.testing.assert_allclose(scores_of(left_out), scores_of(explicit), atol=1e-6)


def test_a_request_without_inputs_is_one_row_with_nothing(stub, rows, predicted):
    scores = scores_of(stub.Predict(make_request()))

    expected = keras.ops.softmax(predicted[7:8]).numpy()
    np.testing.assert_allclose(scores, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"text": ["a", "b"], "image": [""] * 3}, "must have equally many rows"),
        ({"text": [["a"]]}, r"shape \(1, 1\)"),
        ({"image": [b"GIF99a, not"]}, "(?i)image"),
        ({"audio": [b"RIFF"]}, "(?i)header|wav|riff"),
        ({"foo": ["a"]}, "^Inputs contains invalid name. Used request inputs: , "),
    ],
)
def test_a_bad_request_is_an_invalid_argument(stub, inputs, message):
    with pytest.raises(grpc.RpcError) as raised:
        stub.Predict(make_request(**inputs))

    assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert not raised.value.details().startswith("Graph execution error")
    assert re.search(message, raised.value.details())


def test_long_messages_are_cut(stub):
    with pytest.raises(grpc.RpcError) as raised:
        stub.Predict(make_request(**{"x" * 3000: ["a"]}))

    assert raised.value.details().endswith("x...TRUNCATED")
    assert len(raised.value.details()) == 1024 + len("...TRUNCATED")


def test_large_requests_pass(stub):
    request = make_request(text=["long" * 2_000_000])

    assert scores_of(stub.Predict(request)).shape == (1, 4)


def test_a_deadline_ends_the_call(stub):
    with pytest.raises(grpc.RpcError) as raised:
        stub.Predict(make_request(text=["a"] * 2000), timeout=1e-3)

    assert raised.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED


def test_the_status_is_answered(channel):
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = "reviews"

    (status,) = (
        model_service_pb2_grpc.ModelServiceStub(channel)
        .GetModelStatus(request)
        .model_version_status
    )

    assert (status.version, status.state) == (1, status.AVAILABLE)


def test_classify_is_unimplemented_as_yet(stub):
    with pytest.raises(grpc.RpcError) as raised:
        stub.Classify(classification_pb2.ClassificationRequest())

    assert raised.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_a_taken_port_is_refused(server, arithmetic_folder):
    with pytest.raises(InputError, match=f"127.0.0.1:{server.port}.*Give another"):
        start(arithmetic_folder, port=server.port)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_serving(arithmetic_folder, capfd, number):
    handler = signal.getsignal(number)
    heard = threading.Event()

    def send_when_ready():
        while signal.getsignal(number) is handler:
            heard.wait(0.01)
        os.kill(os.getpid(), number)

    threading.Thread(target=send_when_ready).start()
    serve(arithmetic_folder, port=0, name="sums")

    assert signal.getsignal(number) is handler
    assert "Serving sums, version 1, on 127.0.0.1:" in capfd.readouterr().err
