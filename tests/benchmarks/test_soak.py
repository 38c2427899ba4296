"""Short versions, with a server and a tiny model."""

import dataclasses

import numpy as np
import pytest

from benchmarks.server_process import ServerProcess
from benchmarks.soak import Settings, soak
from benchmarks.soak_client import Client, Traffic
from benchmarks.soak_golden import read_golden_rows
from benchmarks.soak_malformed import GRPC_MALFORMED, REST_MALFORMED
from benchmarks.soak_media import BAD_MEDIA
from mmtf.errors import InputError

pytestmark = pytest.mark.large


@pytest.fixture(scope="module")
def server(cold_model):
    with ServerProcess(cold_model) as server:
        yield server


@pytest.fixture(scope="module")
def traffic(cold_model, server):
    inputs, expected = read_golden_rows(f"{cold_model}/1")
    return Traffic(server.port, server.rest_port, "reviews", inputs, expected)


def test_a_model_without_golden_requests_is_refused(tmp_path):
    with pytest.raises(InputError, match="needs a model with golden requests"):
        read_golden_rows(str(tmp_path))


def test_good_rows_are_answered_rightly(traffic):
    client = Client(traffic, seed=0)
    for _ in range(20):
        client.send_good()

    assert client.report.notes == []
    assert len(client.report.counts) == 2


def test_a_wrong_answer_is_noticed(traffic):
    scores = traffic.expected["scores"] + np.float32(2e-4)
    wrong = dataclasses.replace(traffic, expected={"scores": scores})
    client = Client(wrong, seed=0)
    for _ in range(6):
        client.send_good()

    assert client.report.num_failures == 6
    assert "wrong scores" in client.report.notes[0]


def test_a_request_that_fails_is_noticed(traffic):
    client = Client(dataclasses.replace(traffic, model="other"), seed=0)
    for _ in range(6):
        client.send_good()

    assert client.report.num_failures == 6


@pytest.mark.parametrize("bad", BAD_MEDIA, ids=lambda bad: bad.name)
def test_bad_media_are_refused_or_left_out(traffic, server, bad):
    client = Client(traffic, seed=1)
    # What is huge takes seconds.
    for _ in range(4 if bad.weight >= 1 else 1):
        client.send_media(bad)
    client.send_good()

    assert client.report.notes == []
    assert server.is_running()


@pytest.mark.parametrize("bad", GRPC_MALFORMED, ids=lambda bad: bad.name)
def test_malformed_grpc_is_refused(traffic, bad):
    client = Client(traffic, seed=2)
    for _ in range(3):
        client.send_malformed_grpc(bad)
    client.send_good()

    assert client.report.notes == []


@pytest.mark.parametrize("bad", REST_MALFORMED, ids=lambda bad: bad.name)
def test_malformed_rest_is_refused(traffic, bad):
    client = Client(traffic, seed=2)
    for _ in range(3):
        client.send_malformed_rest(bad)
    client.send_good()

    assert client.report.notes == []


@pytest.mark.parametrize("enable_batching", [False, True])
def test_a_short_soak(cold_model, enable_batching):
    # In so short a time, memory tells nothing.
    settings = Settings(
        minutes=0.1,
        reload_seconds=1,
        bad_share=0.2,
        threads=1,
        enable_batching=enable_batching,
        max_growth=10,
    )

    report = soak(cold_model, settings)

    assert report.notes == []
    # On a busy machine it may be one request a client, by gRPC or by REST.
    assert report.counts["good, gRPC"] + report.counts["good, REST"] > 0
    assert report.counts["versions that became available"] >= 1
