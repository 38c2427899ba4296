"""Over sockets: what a client sees while the server runs, and while it stops."""

import http.client
import json
import shutil
import socket
import subprocess
import threading

import numpy as np
import pytest

from export.runtime.session import SavedModelSession
from export.serve.models import Models
from export.serve.rest import RestServer, make_app
from export.serve.servable import Servable
from export.serve.service import Service
from mmtf.errors import InputError
from tests.export.serve.rest.conftest import NumpySession

PATIENCE_SECONDS = 20


class Gate:
    """A model that answers when it is let."""

    def __init__(self):
        self.entered = threading.Event()
        self.opened = threading.Event()
        functions = {"serving_default": (self._wait, {"x": np.float32}, ["y"])}
        self.servable = Servable("gate", 1, NumpySession(functions))

    def _wait(self, x):
        self.entered.set()
        assert self.opened.wait(PATIENCE_SECONDS)
        return [x]


def start(*servables, **options):
    return RestServer(make_app(Service(Models(servables))), **options)


@pytest.fixture(scope="module")
def arithmetic(arithmetic_folder):
    session = SavedModelSession(f"{arithmetic_folder}/1")
    server = start(Servable("arithmetic", 1, session))
    yield server
    server.stop()
    session.close()


def ask(port, body, model="arithmetic"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request("POST", f"/v1/models/{model}:predict", json.dumps(body))
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def test_a_free_port_is_picked_and_told(arithmetic):
    body = {"instances": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}

    status, answer = ask(arithmetic.port, body)

    assert status == 200
    assert answer == {
        "predictions": [{"product": 2.0, "sum": 3.0}, {"product": 12.0, "sum": 7.0}]
    }


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_curl_works(arithmetic):
    url = f"http://127.0.0.1:{arithmetic.port}/v1/models/arithmetic"
    data = '{"inputs": {"x": [1], "y": [2, 3]}}'

    def curl(*arguments):
        command = ["curl", "--silent", "--max-time", "20", *arguments]
        return subprocess.run(command, check=True, capture_output=True).stdout.decode()

    predicted = curl("-d", data, f"{url}:predict")
    status = curl(url)
    head = curl("--include", "-X", "POST", "-d", "{}", f"{url}/versions/7:predict")

    assert '"sum": [\n            3.0,\n            4.0\n        ]' in predicted
    assert '"state": "AVAILABLE"' in status
    assert head.startswith("HTTP/1.1 404 Not Found\r\n")
    assert "Servable not found for request: Specific(arithmetic, 7)" in head


def test_what_the_graph_refuses_is_told(arithmetic):
    body = {"inputs": {"x": [1, 2], "y": [1, 2, 3]}}

    status, answer = ask(arithmetic.port, body)

    assert status == 400
    assert "Incompatible shapes" in answer["error"]


def test_time_runs_out(counting_folder):
    session = SavedModelSession(f"{counting_folder}/1")
    app = make_app(
        Service(Models([Servable("counting", 1, session)])), timeout_seconds=0.1
    )
    server = RestServer(app)

    status, answer = ask(server.port, {"inputs": 10**12}, "counting")

    assert status == 504
    assert answer["error"]
    server.stop()
    session.close()


def test_a_connection_carries_many_requests(arithmetic):
    connection = http.client.HTTPConnection("127.0.0.1", arithmetic.port)
    for number in range(3):
        body = json.dumps({"inputs": {"x": [number], "y": [1]}})
        connection.request("POST", "/v1/models/arithmetic:predict", body)
        answer = json.loads(connection.getresponse().read())
        assert answer["outputs"]["sum"] == [number + 1]
    connection.close()


def test_a_large_body_arrives_whole(arithmetic):
    count = 200_000
    body = {"inputs": {"x": [1] * count, "y": [2] * count}}

    status, answer = ask(arithmetic.port, body)

    assert (status, answer["outputs"]["sum"]) == (200, [3.0] * count)


def test_a_body_beyond_the_limit_is_refused():
    server = start(Gate().servable, max_body_bytes=1000)
    try:
        with socket.create_connection(("127.0.0.1", server.port), 20) as connection:
            connection.sendall(
                b"POST /v1/models/gate:predict HTTP/1.1\r\nContent-Length: 2000\r\n\r\n"
            )
            assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")
    finally:
        server.stop()


def test_a_taken_port_is_refused(arithmetic):
    with pytest.raises(InputError, match=f"{arithmetic.port}, which cannot be"):
        start(port=arithmetic.port)


def test_requests_are_worked_on_at_once():
    gate = Gate()
    server = start(gate.servable, num_threads=2)
    answers = []
    slow = threading.Thread(
        target=lambda: answers.append(ask(server.port, {"instances": [1]}, "gate"))
    )
    slow.start()
    assert gate.entered.wait(PATIENCE_SECONDS)

    status, _ = ask(server.port, {"instances": [1]}, "none")

    assert (status, answers) == (404, [])
    gate.opened.set()
    slow.join(PATIENCE_SECONDS)
    assert answers[0][0] == 200
    server.stop()


def test_stopping_waits_for_what_is_under_way():
    gate = Gate()
    server = start(gate.servable)
    idle = socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS)
    answers = []
    slow = threading.Thread(
        target=lambda: answers.append(ask(server.port, {"instances": [1]}, "gate"))
    )
    slow.start()
    assert gate.entered.wait(PATIENCE_SECONDS)
    stopping = threading.Thread(target=server.stop)
    stopping.start()

    # The idle connection ends at once, and none is taken any more.
    assert idle.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        ask(server.port, {"instances": [1]}, "gate")
    assert stopping.is_alive()
    gate.opened.set()
    stopping.join(PATIENCE_SECONDS)

    assert not stopping.is_alive()
    slow.join(PATIENCE_SECONDS)
    assert answers == [(200, {"predictions": [1.0]})]


def test_stopping_does_not_wait_for_ever():
    gate = Gate()
    server = start(gate.servable)
    errors = []

    def ask_in_vain():
        try:
            ask(server.port, {"instances": [1]}, "gate")
        except OSError as error:
            errors.append(error)

    slow = threading.Thread(target=ask_in_vain)
    slow.start()
    assert gate.entered.wait(PATIENCE_SECONDS)

    server.stop(grace_seconds=0.2)

    slow.join(PATIENCE_SECONDS)
    assert len(errors) == 1
    gate.opened.set()
