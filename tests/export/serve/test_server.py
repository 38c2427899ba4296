"""The whole server in its own process or this one, on the loopback."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
import tensorflow as tf
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tensorflow_serving.apis import (
    get_model_status_pb2,
    model_management_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from export.runtime import StatusError
from export.serve.options import ServerOptions
from export.serve.server import Server, serve, start
from mmtf.errors import InputError

PATIENCE_SECONDS = 60


@pytest.fixture
def sums(arithmetic_folder):
    server = start(arithmetic_folder, model_name="sums")
    yield server
    server.stop()


def add(channel, name="sums", x=1.0, version=None):
    request = predict_pb2.PredictRequest()
    request.model_spec.name = name
    if version is not None:
        request.model_spec.version.value = version
    request.inputs["x"].CopyFrom(tf.make_tensor_proto([x]))
    request.inputs["y"].CopyFrom(tf.make_tensor_proto([2.0]))
    stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    return stub.Predict(request, timeout=PATIENCE_SECONDS).outputs["sum"].float_val[0]


def get(server, path, body=None):
    address = f"http://127.0.0.1:{server.rest_port}{path}"
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(address, data, timeout=PATIENCE_SECONDS) as answer:
        return answer.read().decode()


def test_both_ports_answer(sums):
    with grpc.insecure_channel(f"localhost:{sums.port}") as channel:
        assert add(channel) == 3
    body = {"instances": [{"x": 1, "y": 2}]}
    answer = json.loads(get(sums, "/v1/models/sums:predict", body))
    assert answer["predictions"] == [{"sum": 3.0, "product": 2.0}]


def test_point_37_requests_are_counted(sums):
    with grpc.insecure_channel(f"localhost:{sums.port}") as channel:
        add(channel)
    text = get(sums, "/monitoring/prometheus/metrics")
    assert "# TYPE" in text
    counted = 'request_count{model_name="sums",status="OK"} 1'
    assert f":tensorflow:serving:{counted}" in text


def test_metrics_can_be_elsewhere_or_nowhere(arithmetic_folder, tmp_path):
    path = tmp_path / "monitoring.pbtxt"
    path.write_text('prometheus_config { enable: true path: "/m" }')
    server = start(arithmetic_folder, monitoring_config_file=str(path))
    try:
        assert "# TYPE" in get(server, "/m")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(server, "/monitoring/prometheus/metrics")
    finally:
        server.stop()


def test_health_checks_pass(sums):
    with grpc.insecure_channel(f"localhost:{sums.port}") as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS)
    assert answer.status == answer.SERVING


def test_a_newer_version_takes_over(arithmetic_folder, tmp_path):
    models = tmp_path / "sums"
    shutil.copytree(f"{arithmetic_folder}/1", models / "1")
    server = start(str(models), file_system_poll_wait_seconds=0.05)
    try:
        with grpc.insecure_channel(f"localhost:{server.port}") as channel:
            assert add(channel, version=1) == 3
            shutil.copytree(models / "1", models / ".tmp-2")
            os.rename(models / ".tmp-2", models / "2")
            wait_for_version(channel, 2)
            assert add(channel, version=2) == 3
    finally:
        server.stop()


def wait_for_version(channel, version):
    stub = model_service_pb2_grpc.ModelServiceStub(channel)
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = "sums"
    waiting = threading.Event()
    for _ in range(PATIENCE_SECONDS * 20):
        states = stub.GetModelStatus(request).model_version_status
        if any(s.version == version and s.state == s.AVAILABLE for s in states):
            return
        waiting.wait(0.05)
    pytest.fail(f"version {version} did not become available: {states}")


def test_the_models_can_be_replaced_through_the_server(sums, arithmetic_folder):
    request = model_management_pb2.ReloadConfigRequest()
    request.config.model_config_list.config.add(
        name="other", base_path=arithmetic_folder, model_platform="tensorflow"
    )
    with grpc.insecure_channel(f"localhost:{sums.port}") as channel:
        stub = model_service_pb2_grpc.ModelServiceStub(channel)
        stub.HandleReloadConfigRequest(request, timeout=PATIENCE_SECONDS)
        assert add(channel, name="other") == 3
        with pytest.raises(grpc.RpcError, match="Servable not found for request"):
            add(channel, name="sums")


def test_several_models_come_from_a_file(arithmetic_folder, tmp_path):
    entry = (
        'config {{ name: "{}" base_path: "{}" model_platform: "tensorflow" '
        'version_labels {{ key: "stable" value: 1 }} }}'
    )
    names = ("first", "second")
    listed = "".join(entry.format(name, arithmetic_folder) for name in names)
    path = tmp_path / "models.pbtxt"
    path.write_text(f"model_config_list {{ {listed} }}")
    options = {"model_config_file": str(path), "port": 0, "rest_api_port": -1}
    server = Server(
        ServerOptions(**options, allow_version_labels_for_unavailable_models=True)
    )
    server.start()
    try:
        assert server.rest_port is None
        with grpc.insecure_channel(f"localhost:{server.port}") as channel:
            assert [add(channel, name=name) for name in names] == [3, 3]
    finally:
        server.stop()


def test_a_unix_socket_answers_too(arithmetic_folder, tmp_path):
    path = str(tmp_path / "s")
    server = start(arithmetic_folder, model_name="sums", grpc_socket_path=path)
    try:
        with grpc.insecure_channel(f"unix:{path}") as channel:
            assert add(channel) == 3
    finally:
        server.stop()


def test_a_taken_port_is_refused(sums, arithmetic_folder):
    with pytest.raises(InputError, match=f"127.0.0.1:{sums.port}.*`--port`"):
        start(arithmetic_folder, port=sums.port)
    with pytest.raises(InputError, match=f":{sums.rest_port}.*`--rest_api_port`"):
        start(arithmetic_folder, rest_api_port=sums.rest_port)


def test_a_folder_without_a_version_is_refused(tmp_path):
    with pytest.raises(InputError, match="which has none. Write one with"):
        start(str(tmp_path))


def test_a_server_must_be_told_what_to_serve():
    with pytest.raises(InputError, match="Received: nothing"):
        serve(ServerOptions())


def test_point_23_nothing_listens_before_the_models_are_there(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    options = ServerOptions(model_base_path=str(tmp_path / "later"), port=port)
    server, waits = Server(options), threading.Event()
    wait = server.manager.wait_until_available
    server.manager.wait_until_available = lambda: (waits.set(), wait())
    with ThreadPoolExecutor() as executor:
        starting = executor.submit(server.start)
        assert waits.wait(PATIENCE_SECONDS)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        server.stop()
        assert isinstance(starting.exception(PATIENCE_SECONDS), StatusError)


def test_a_server_that_was_stopped_does_not_start(arithmetic_folder):
    server = Server(ServerOptions(model_base_path=arithmetic_folder, port=0))
    wait = server.manager.wait_until_available
    server.manager.wait_until_available = lambda: (wait(), server.stop())
    with pytest.raises(StatusError, match="was stopped"):
        server.start()


def test_a_fault_of_ours_ends_the_start(arithmetic_folder, monkeypatch):
    def fail(self):
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(Server, "_start_rest", fail)
    options = ServerOptions(model_base_path=arithmetic_folder, port=0)
    with pytest.raises(ZeroDivisionError, match="ours"):
        serve(options)


def test_point_24_a_version_that_does_not_load_ends_the_start(tmp_path):
    (tmp_path / "sums" / "1").mkdir(parents=True)
    options = ServerOptions(
        model_base_path=str(tmp_path / "sums"), port=0, max_num_load_retries=0
    )
    with pytest.raises(
        InputError, match="^Failed to start server. Error: .*did not be"
    ):
        serve(options)


def test_point_26_a_relative_path_ends_the_start():
    message = "Failed to start server.*to have an absolute path or URI"
    with pytest.raises(InputError, match=message):
        serve(ServerOptions(model_base_path="models/sums"))


def test_point_27_a_bad_configuration_file_ends_the_start(tmp_path):
    path = tmp_path / "models.pbtxt"
    path.write_text("not a configuration")
    message = "Error parsing text-format tensorflow.serving.ModelServerConfig"
    with pytest.raises(InputError, match=message):
        serve(ServerOptions(model_config_file=str(path)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_serving(arithmetic_folder, number):
    flags = ["--port=0", "--rest_api_port=0", "--enable_batching=true"]
    command = [sys.executable, "-m", "mmtf", "serve", arithmetic_folder, *flags]
    # With this set, TensorFlow is not kept quiet.
    env = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=env
    ) as process:
        lines = [process.stderr.readline() for _ in range(2)]
        process.send_signal(number)
        rest = process.stderr.read()
    assert lines[0] == "Serving arithmetic, version 1.\n"
    assert re.match(r"Listening: gRPC on port \d+, REST on port \d+.\n", lines[1])
    assert (process.returncode, rest) == (0, "")


def test_serving_needs_no_python_tensorflow(arithmetic_folder):
    code = (
        "import sys; from export.serve import start\n"
        f"start({arithmetic_folder!r}).stop()\n"
        "print([m for m in ('tensorflow', 'keras') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
