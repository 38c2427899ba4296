"""Through gRPC, with the clients that others publish."""

import re
import socket
import threading

import grpc
import numpy as np
import pytest
import tensorflow as tf
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from tensorflow_serving.apis import (
    get_model_status_pb2,
    model_management_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from export.protocol import MODEL_SERVICE, PREDICTION_SERVICE, SignatureDef
from export.runtime import Code, SavedModelSession, StatusError
from export.serve.grpc_transport import GrpcServer, read_channel_arguments
from export.serve.models import Models
from export.serve.servable import Servable
from export.serve.service import Service
from mmtf.errors import InputError
from tests.export.serve.conftest import eventually

PREDICT = PREDICTION_SERVICE.methods["Predict"].path


class Echo:
    """Gives its input back, after what it is told to do first."""

    def __init__(self, act=lambda timeout_seconds: None):
        signature = SignatureDef()
        signature.inputs["x"].name = signature.outputs["x"].name = "x:0"
        self.signatures = {"serving_default": signature}
        self._act = act

    def run(self, signature_name, inputs, *, outputs=None, timeout_seconds=None):
        self._act(timeout_seconds)
        return dict(inputs)

    def close(self):
        pass


def echo(act=lambda timeout_seconds: None):
    return Service(Models([Servable("echo", 1, Echo(act))]))


def fail(error):
    def act(timeout_seconds):
        raise error

    return act


@pytest.fixture
def start():
    """Starts servers, which are stopped in the end, and gives channels to them."""
    channels, servers = [], []

    def start(service, **options):
        servers.append(GrpcServer(service, **options))
        servers[-1].start()
        address = f"localhost:{servers[-1].port}"
        unlimited = [("grpc.max_receive_message_length", -1)]
        channels.append(grpc.insecure_channel(address, unlimited))
        return servers[-1], channels[-1]

    yield start
    for channel in channels:
        channel.close()
    for server in servers:
        server.stop(0)


def make_request(value=1.0, model="echo", key="x"):
    request = predict_pb2.PredictRequest()
    request.model_spec.name = model
    request.inputs[key].CopyFrom(tf.make_tensor_proto(value))
    return request


def stub(channel):
    return prediction_service_pb2_grpc.PredictionServiceStub(channel)


def failure(call, *args, **options):
    """The code and the words of a call that must fail."""
    with pytest.raises(grpc.RpcError) as raised:
        call(*args, **options)
    return raised.value.code(), raised.value.details()


def test_the_official_stubs_are_answered(start, arithmetic_folder):
    session = SavedModelSession(arithmetic_folder + "/1")
    _, channel = start(Service(Models([Servable("arithmetic", 1, session)])))
    request = make_request([1.0, 2.0], "arithmetic")
    request.inputs["y"].CopyFrom(tf.make_tensor_proto([3.0, 4.0]))

    response = stub(channel).Predict(request)

    assert tf.make_ndarray(response.outputs["product"]).tolist() == [3, 8]


def test_all_methods_are_there(start):
    _, channel = start(echo())
    models = model_service_pb2_grpc.ModelServiceStub(channel)
    invalid = (grpc.StatusCode.INVALID_ARGUMENT, "Missing ModelSpec")

    for service in (PREDICTION_SERVICE, MODEL_SERVICE):
        for name, method in service.methods.items():
            if name in ("MultiInference", "HandleReloadConfigRequest"):
                continue
            assert failure(channel.unary_unary(method.path), b"") == invalid
    assert failure(
        channel.unary_unary(PREDICTION_SERVICE.methods["MultiInference"].path), b""
    ) == (grpc.StatusCode.INVALID_ARGUMENT, "ModelSpec has no name specified.")
    reload = models.HandleReloadConfigRequest
    code, text = failure(reload, model_management_pb2.ReloadConfigRequest())
    assert (code, text[:21]) == (invalid[0], "ServerModelConfig typ")


def test_the_status_is_answered(start):
    """Point 21."""
    _, channel = start(echo())
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = "echo"

    models = model_service_pb2_grpc.ModelServiceStub(channel)
    (status,) = models.GetModelStatus(request).model_version_status

    assert (status.version, status.state) == (1, status.AVAILABLE)


@pytest.mark.parametrize("code", [code for code in Code if code != Code.OK])
def test_errors_keep_their_codes_and_words(start, code):
    _, channel = start(echo(fail(StatusError(code, "words, äöü"))))

    received, text = failure(stub(channel).Predict, make_request())

    assert (received.value[0], text) == (code, "words, äöü")


def test_the_clients_deadline_is_the_sessions(start):
    """Point 13."""
    timeouts = []
    _, channel = start(echo(timeouts.append))

    stub(channel).Predict(make_request(), timeout=9)
    stub(channel).Predict(make_request())

    assert 0 < timeouts[0] <= 9.1  # gRPC sends it rounded up
    assert timeouts[1] is None


def test_a_deadline_ends_the_call(start, counting_folder):
    """Point 13."""
    session = SavedModelSession(counting_folder + "/1")
    _, channel = start(Service(Models([Servable("counting", 1, session)])))
    request = make_request(np.int64(10**12), "counting", "to")

    code, _ = failure(stub(channel).Predict, request, timeout=0.2)

    assert code == grpc.StatusCode.DEADLINE_EXCEEDED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 1024, "x" * 1024),
        ("x" * 1025, "x" * 1024 + "...TRUNCATED"),
        ("x" + "ä" * 600, "x" + "ä" * 511 + "...TRUNCATED"),
    ],
    ids=["short", "long", "half a character"],
)
def test_long_messages_are_cut(start, text, expected):
    """Point 14."""
    _, channel = start(echo(fail(StatusError(Code.INTERNAL, text))))

    assert failure(stub(channel).Predict, make_request())[1] == expected


def test_large_messages_pass(start):
    """Point 15: more than the 4 MiB that gRPC in Python takes by itself."""
    _, channel = start(echo())
    request = make_request(b"long" * 5_000_000)

    response = stub(channel).Predict(request)

    assert len(response.outputs["x"].string_val[0]) == 20_000_000


def test_the_longest_message_can_be_chosen(start):
    """Point 15."""
    _, channel = start(echo(), max_message_bytes=1000)

    code, text = failure(stub(channel).Predict, make_request(b"x" * 1000))

    assert code == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "larger than max" in text


@pytest.mark.parametrize("data", [b"\xff" * 9, b"\x0a\xff\xff\xff\xff\x0f", b"\x00"])
def test_what_is_no_message_is_refused(start, data):
    _, channel = start(echo())

    assert failure(channel.unary_unary(PREDICT), data) == (
        grpc.StatusCode.INTERNAL,
        "The request is not a valid tensorflow.serving.PredictRequest.",
    )


def test_random_bytes_do_no_harm(start):
    _, channel = start(echo())
    call = channel.unary_unary(PREDICT)
    good = make_request().SerializeToString()
    random = np.random.default_rng(7)

    for _ in range(300):
        data = bytearray(good)
        for place in random.integers(len(data), size=3):
            data[place] = random.integers(256)
        try:
            call(bytes(data), timeout=20)
        except grpc.RpcError as error:
            assert error.code() not in (
                grpc.StatusCode.UNKNOWN,
                grpc.StatusCode.DEADLINE_EXCEEDED,
                grpc.StatusCode.UNAVAILABLE,
            )
    assert stub(channel).Predict(make_request(5.0)).outputs["x"].float_val == [5]


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (KeyError("ours"), grpc.StatusCode.INTERNAL, "The server failed."),
        (
            MemoryError(),
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "The server has not enough memory.",
        ),
    ],
)
def test_our_own_faults_are_no_secrets_told(start, error, code, text):
    _, channel = start(echo(fail(error)))

    assert failure(stub(channel).Predict, make_request()) == (code, text)


def test_a_unix_socket_is_listened_on_as_well(start, tmp_path):
    path = str(tmp_path / "socket")
    start(echo(), socket_path=path)

    with grpc.insecure_channel(f"unix:{path}") as channel:
        response = stub(channel).Predict(make_request(3.0))

    assert response.outputs["x"].float_val == [3]


def test_nothing_listens_before_the_start(start):
    """Point 23."""
    server, _ = start(echo())
    server.stop(0)
    later = GrpcServer(echo(), port=server.port)
    with grpc.insecure_channel(f"localhost:{server.port}") as channel:
        code, _ = failure(stub(channel).Predict, make_request(), timeout=20)
        assert code == grpc.StatusCode.UNAVAILABLE
        later.start()
        stub(channel).Predict(make_request(), wait_for_ready=True, timeout=20)
    later.stop(0)


def test_stopping_lets_calls_finish_and_no_more_in(start):
    entered, go = threading.Event(), threading.Event()

    def act(timeout_seconds):
        if not entered.is_set():
            entered.set()
            go.wait()

    server, channel = start(echo(act))
    inside = stub(channel).Predict.future(make_request(4.0))
    entered.wait()
    stopping = threading.Thread(target=server.stop)
    stopping.start()

    eventually(lambda: stub(channel).Predict.future(make_request()).exception())
    assert failure(stub(channel).Predict, make_request())[0] == (
        grpc.StatusCode.UNAVAILABLE
    )
    go.set()
    stopping.join()
    assert inside.result().outputs["x"].float_val == [4]


def test_calls_that_take_too_long_are_cancelled(start):
    entered, go = threading.Event(), threading.Event()

    def act(timeout_seconds):
        entered.set()
        go.wait()

    server, channel = start(echo(act))
    inside = stub(channel).Predict.future(make_request())
    entered.wait()

    server.stop(0)

    assert inside.code() in (grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE)
    go.set()


def test_a_taken_port_is_refused(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"127.0.0.1:{port}.*another `--port`"):
            start(echo(), port=port)


def test_a_socket_that_cannot_be_is_refused(start, tmp_path):
    path = str(tmp_path / "missing" / "socket")

    with pytest.raises(InputError, match="missing.*another `--grpc_socket_path`"):
        start(echo(), socket_path=path)


def test_health_is_told_for_all_and_for_each_service(start):
    server, channel = start(echo())
    health = health_pb2_grpc.HealthStub(channel)

    def check(name):
        answer = health.Check(health_pb2.HealthCheckRequest(service=name))
        return health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)

    names = ["", PREDICTION_SERVICE.name, MODEL_SERVICE.name]
    assert [check(name) for name in names] == ["SERVING"] * 3
    server.set_serving(False)
    assert [check(name) for name in names] == ["NOT_SERVING"] * 3
    unknown = health_pb2.HealthCheckRequest(service="other")
    assert failure(health.Check, unknown)[0] == grpc.StatusCode.NOT_FOUND


def test_health_can_be_watched_until_the_end(start):
    server, channel = start(echo())
    health = health_pb2_grpc.HealthStub(channel)
    watch = health.Watch(health_pb2.HealthCheckRequest())
    serving = health_pb2.HealthCheckResponse

    assert next(watch).status == serving.SERVING
    server.stop(0)

    statuses = []
    with pytest.raises(grpc.RpcError):
        statuses.extend(answer.status for answer in watch)
    assert statuses in ([serving.NOT_SERVING], [])


def test_reflection_describes_every_service(start):
    _, channel = start(echo())
    database = ProtoReflectionDescriptorDatabase(channel)

    names = database.get_services()
    described = DescriptorPool(database)

    assert set(names) >= {PREDICTION_SERVICE.name, "grpc.health.v1.Health"}
    for name in names:
        assert described.FindServiceByName(name).methods
    predict = described.FindMethodByName(f"{PREDICTION_SERVICE.name}.Predict")
    assert predict.input_type.full_name == "tensorflow.serving.PredictRequest"
    assert isinstance(
        database.FindFileByName("tensorflow/core/framework/tensor.proto"),
        FileDescriptorProto,
    )


def test_channel_arguments_are_numbers_or_text():
    arguments = read_channel_arguments("grpc.max_connection_age_ms=2000,name=x=y,,a=")

    assert arguments == {"grpc.max_connection_age_ms": 2000, "name": "x=y", "a": ""}


@pytest.mark.parametrize("text", ["x", "=1", "a=1,b"])
def test_other_channel_arguments_are_refused(text):
    bad = re.escape(repr(text.split(",")[-1]))
    with pytest.raises(InputError, match=f"must be NAME=VALUE.*Received: {bad}"):
        read_channel_arguments(text)


def test_channel_arguments_reach_grpc(start):
    arguments = read_channel_arguments("grpc.max_receive_message_length=1000")
    _, channel = start(echo(), channel_arguments=arguments)

    code, _ = failure(stub(channel).Predict, make_request(b"x" * 1000))

    assert code == grpc.StatusCode.RESOURCE_EXHAUSTED
