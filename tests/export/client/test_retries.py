"""What happens when a server, or the way to it, fails."""

import threading
import time

import grpc
import numpy as np
import pytest

from export.client import Client, ServerError, predict
from tests.export.client.fake_server import FakeServer
from tests.export.client.flaky_proxy import FlakyProxy
from tests.export.client.test_clients import both
from tests.pipelines.media_samples import wav_bytes

FULL = (grpc.StatusCode.UNAVAILABLE, "The queue is full")
EXHAUSTED = (grpc.StatusCode.RESOURCE_EXHAUSTED, "Out of memory")


@both
@pytest.mark.parametrize("fault", [FULL, EXHAUSTED], ids=["unavailable", "exhausted"])
def test_a_request_is_repeated_until_the_server_takes_it(make, fault):
    with FakeServer(faults=[fault, fault]) as server, make(server.address) as client:
        (answer,) = client.predict([{"text": "500"}])

        assert answer["scores"]["yes"] == 0.5
        assert server.attempts == 3


@both
def test_a_large_request_is_repeated_too(make):
    # By itself gRPC repeats nothing beyond 256 KiB.
    row = {"text": "500", "audio": wav_bytes(np.zeros(2**19))}
    with FakeServer(faults=[FULL]) as server, make(server.address) as client:
        (answer,) = client.predict([row])

        assert answer["scores"]["yes"] == 0.5
        assert server.attempts == 2


@both
def test_a_server_that_stays_full_is_named_with_its_reason(make):
    with FakeServer(faults=[FULL] * 9) as server:
        message = f"'{server.address}' is not available now: The queue is full$"
        with (
            make(server.address, retries=1) as client,
            pytest.raises(ServerError, match=message) as raised,
        ):
            client.predict([{"text": "1"}])

        assert raised.value.code == grpc.StatusCode.UNAVAILABLE
        assert server.attempts == 2


def test_a_client_may_ask_only_once():
    with FakeServer(faults=[FULL]) as server:
        with pytest.raises(ServerError, match="queue is full"):
            predict([{"text": "1"}], server=server.address, retries=0)

        assert server.attempts == 1


@both
def test_what_the_server_refuses_is_not_repeated(make):
    fault = (grpc.StatusCode.INVALID_ARGUMENT, "a\nb")
    with (
        FakeServer(faults=[fault]) as server,
        make(server.address) as client,
        pytest.raises(ServerError, match="refused the request: a$") as raised,
    ):
        client.predict([{"text": "1"}])

    assert raised.value.code == grpc.StatusCode.INVALID_ARGUMENT
    assert server.attempts == 1


@both
def test_a_server_that_is_too_slow_is_named(make):
    with (
        FakeServer(faults=[1.0]) as server,
        make(server.address, timeout_seconds=0.1) as client,
        pytest.raises(ServerError, match="within 0.1 seconds. Received: nothing from"),
    ):
        client.predict([{"text": "1"}])


@both
def test_the_deadline_holds_for_all_retries_together(make):
    with (
        FakeServer(faults=[FULL] * 9) as server,
        make(server.address, timeout_seconds=0.4) as client,
        pytest.raises(ServerError) as raised,
    ):
        client.predict([{"text": "1"}])

    assert raised.value.code == grpc.StatusCode.DEADLINE_EXCEEDED
    assert server.attempts <= 3


@both
def test_a_slow_request_delays_but_does_not_lose_the_others(make):
    rows = [{"text": str(number)} for number in range(1, 7)]
    with (
        FakeServer(faults=[0.5]) as server,
        make(server.address, rows_per_request=1) as client,
    ):
        answers = client.predict(rows)

    assert [round(1000 * a["scores"]["yes"]) for a in answers] == [1, 2, 3, 4, 5, 6]


@both
def test_a_dropped_connection_is_made_anew(make):
    with (
        FakeServer() as server,
        FlakyProxy(server.port, drops=1) as proxy,
        make(proxy.address) as client,
    ):
        (answer,) = client.predict([{"text": "500"}])

        assert answer["scores"]["yes"] == 0.5
        assert proxy.dropped == 1


def test_a_server_that_is_restarted_meanwhile_answers():
    first = FakeServer()
    with Client(first.address) as client:
        client.predict([{"text": "1"}])
        first.stop()
        restarted = []

        def restart():
            time.sleep(0.3)
            restarted.append(FakeServer(port=first.port))

        thread = threading.Thread(target=restart)
        thread.start()
        (answer,) = client.predict([{"text": "500"}])
        thread.join()
        restarted[0].stop()

    assert answer["scores"]["yes"] == 0.5


@both
def test_a_server_that_is_not_there_is_named(make):
    with (
        make("localhost:1", retries=0) as client,
        pytest.raises(
            ServerError, match="HOST:PORT of .*'localhost:1', which does not"
        ),
    ):
        client.predict([{"text": "a"}])


@both
def test_many_rows_end_at_once_when_the_server_can_answer_none(make):
    fault = (grpc.StatusCode.NOT_FOUND, "Servable not found for request: Latest(demo)")
    with (
        FakeServer(faults=[fault] * 99) as server,
        make(server.address, rows_per_request=1) as client,
        pytest.raises(ServerError, match=r"Latest\(demo\)$"),
    ):
        list(client.predict_each({"text": "1"} for _ in range(1000)))

    assert server.attempts < 20


def test_rows_that_time_out_stop_no_other():
    with FakeServer(faults=[0.6]) as server:
        options = {
            "timeout_seconds": 0.3,
            "rows_per_request": 2,
            "requests_in_flight": 1,
        }
        with Client(server.address, **options) as client:
            answers = list(client.predict_each([{"text": "1"}] * 4))

    assert ["error" in answer for answer in answers] == [True, True, False, False]
    assert "within 0.3 seconds" in answers[0]["error"]
