import pytest
from tensorflow_serving.apis import (
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from export.protocol import (
    MODEL_SERVICE,
    PREDICTION_SERVICE,
    PredictRequest,
    PredictResponse,
)


class Recorder:
    """Stands in for a channel: keeps what a stub asks of it."""

    def __init__(self):
        self.calls = {}

    def unary_unary(self, path, request_serializer, response_deserializer, **_):
        self.calls[path] = request_serializer, response_deserializer


@pytest.mark.parametrize(
    ("service", "stub"),
    [
        (PREDICTION_SERVICE, prediction_service_pb2_grpc.PredictionServiceStub),
        (MODEL_SERVICE, model_service_pb2_grpc.ModelServiceStub),
    ],
)
def test_methods_are_those_that_the_official_stub_calls(service, stub):
    recorder = Recorder()
    stub(recorder)

    assert [method.path for method in service.methods.values()] == list(recorder.calls)
    assert all(path.startswith(f"/{service.name}/") for path in recorder.calls)


def test_a_method_knows_its_messages():
    predict = PREDICTION_SERVICE.methods["Predict"]

    assert predict.path == "/tensorflow.serving.PredictionService/Predict"
    assert predict.request is PredictRequest
    assert predict.response is PredictResponse
    assert predict.request.DESCRIPTOR.full_name == (
        predict_pb2.PredictRequest.DESCRIPTOR.full_name
    )
