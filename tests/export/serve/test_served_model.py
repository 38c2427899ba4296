"""An export of ours through gRPC with the official stubs, alone and in batches."""

import re
from concurrent.futures import ThreadPoolExecutor

import grpc
import keras
import numpy as np
import pytest
import tensorflow as tf
from google.protobuf import text_format
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from export.protocol import BatchingParameters
from export.serve.batching import Batcher
from export.serve.grpc_transport import GrpcServer
from export.serve.models import Models
from export.serve.servable import Servable
from export.serve.service import Service

BATCHING = """
    max_batch_size { value: 16 }
    batch_timeout_micros { value: 2000 }
    num_batch_threads { value: 1 }
    allowed_batch_sizes: [1, 4, 16]
"""


@pytest.fixture(scope="module", params=["alone", "batched"])
def stub(session, request):
    batcher = None
    if request.param == "batched":
        batcher = Batcher(session, text_format.Parse(BATCHING, BatchingParameters()))
    server = GrpcServer(Service(Models([Servable("reviews", 1, session, batcher)])))
    server.start()
    with grpc.insecure_channel(f"localhost:{server.port}") as channel:
        yield prediction_service_pb2_grpc.PredictionServiceStub(channel)
    server.stop()
    if batcher:
        batcher.close()


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


def test_a_request_without_inputs_is_one_row_with_nothing(stub, predicted):
    scores = scores_of(stub.Predict(make_request()))

    expected = keras.ops.softmax(predicted[7:8]).numpy()
    np.testing.assert_allclose(scores, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (
            {"text": ["a", "b"], "image": [""] * 3},
            "must have equally many rows|must have equal 0th-dimension size",
        ),
        ({"text": [["a"]]}, r"\[1,1\] is not compatible with expected shape"),
        ({"foo": ["a"]}, "^Inputs contains invalid name. Used request inputs: , "),
    ],
)
def test_a_bad_request_is_an_invalid_argument(stub, inputs, message):
    with pytest.raises(grpc.RpcError) as raised:
        stub.Predict(make_request(**inputs))

    assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert re.search(message, raised.value.details())


def test_a_deadline_ends_the_call(stub):
    with pytest.raises(grpc.RpcError) as raised:
        stub.Predict(make_request(text=["a"] * 16), timeout=1e-4)

    assert raised.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED


def test_concurrent_requests_of_all_kinds_get_their_own_answers(stub, session, rows):
    random = np.random.default_rng(7)
    requests = []
    for _ in range(24):
        start, size = random.integers(8), random.integers(1, 4)
        sent = [key for key in rows if random.random() < 0.7] or ["text"]
        requests.append({key: rows[key][start : start + size] for key in sent})

    with ThreadPoolExecutor(8) as pool:
        responses = pool.map(lambda r: stub.Predict(make_request(**r)), requests)
        answers = [scores_of(response) for response in responses]

    for request, answer in zip(requests, answers, strict=True):
        alone = session.run("serving_default", request, outputs=["scores"])["scores"]
        np.testing.assert_allclose(answer, alone, atol=1e-5)


def test_50_megabytes_that_are_no_image_do_no_harm(stub, rows):
    good = make_request(text=rows["text"][6:7])
    before = scores_of(stub.Predict(good))

    try:
        answer = stub.Predict(make_request(image=[b"\xff\xd8\xff" + bytes(50_000_000)]))
        assert scores_of(answer).shape == before.shape
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.INVALID_ARGUMENT

    np.testing.assert_allclose(scores_of(stub.Predict(good)), before, atol=1e-6)
