"""`--ssl_config_file`, with the project's own client."""

import json
import urllib.request

import grpc
import pytest
from google.protobuf import text_format
from grpc_health.v1 import health_pb2, health_pb2_grpc

from export.client import ServerError, Tls, predict
from export.protocol import SSLConfig
from export.runtime import Code, StatusError
from export.serve.server import start
from export.serve.tls import read_server_credentials
from mmtf.errors import InputError
from tests.export.client.certificates import Authority
from tests.export.serve.sure_model import write_sure_model

AUTHORITY, STRANGER = Authority(), Authority()
KEY, CERTIFICATE = AUTHORITY.issue()


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_sure_model(tmp_path_factory.mktemp("models") / "sure")


def write_config(folder, **fields):
    fields = {"server_key": KEY, "server_cert": CERTIFICATE, **fields}
    path = folder / "ssl.pbtxt"
    path.write_text(text_format.MessageToString(SSLConfig(**fields)))
    return str(path)


@pytest.fixture
def serve(model, tmp_path):
    """Starts a server with an SSLConfig of these fields."""
    servers = []

    def serve(**fields):
        path = write_config(tmp_path, **fields)
        servers.append(start(model, ssl_config_file=path))
        return servers[-1]

    yield serve
    for server in servers:
        server.stop()


@pytest.fixture
def make_tls(tmp_path):
    """The client's options, from PEM."""

    def make(**pem):
        for name, data in pem.items():
            (tmp_path / name).write_bytes(data)
        return Tls(**{name: str(tmp_path / name) for name in pem})

    return make


def ask(server, tls, retries=0):
    address = f"localhost:{server.port}"
    rows = [{"text": "good"}]
    return predict(rows, server=address, model="sure", tls=tls, retries=retries)


def test_a_client_that_trusts_the_authority_is_answered(serve, make_tls):
    server = serve()

    (prediction,) = ask(server, make_tls(ca=AUTHORITY.pem))

    assert prediction["value"] == 1


def test_health_checks_speak_tls_too(serve):
    credentials = grpc.ssl_channel_credentials(AUTHORITY.pem)
    address = f"localhost:{serve().port}"
    with grpc.secure_channel(address, credentials) as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(
            health_pb2.HealthCheckRequest(), timeout=20
        )

    assert answer.status == answer.SERVING


def test_a_client_must_trust_the_server(serve, make_tls):
    server = serve()

    with pytest.raises(ServerError, match="found no TLS to speak: .*ertificate"):
        ask(server, make_tls(ca=STRANGER.pem))
    with pytest.raises(ServerError) as raised:
        ask(server, None)
    assert raised.value.code is grpc.StatusCode.UNAVAILABLE


def test_clients_show_a_certificate_when_they_must(serve, make_tls):
    server = serve(client_verify=True, custom_ca=AUTHORITY.pem)
    key, certificate = AUTHORITY.issue()

    tls = make_tls(ca=AUTHORITY.pem, certificate=certificate, key=key)

    assert ask(server, tls)


@pytest.mark.parametrize("signer", [None, STRANGER])
def test_a_client_without_a_certificate_that_counts_is_refused(serve, make_tls, signer):
    server = serve(client_verify=True, custom_ca=AUTHORITY.pem)
    key, certificate = signer.issue() if signer else (None, None)
    own = {"certificate": certificate, "key": key} if signer else {}

    with pytest.raises(ServerError) as raised:
        ask(server, make_tls(ca=AUTHORITY.pem, **own))

    assert raised.value.code is grpc.StatusCode.UNAVAILABLE


def test_rest_stays_plain(serve):
    address = f"http://127.0.0.1:{serve().rest_port}/v1/models/sure"
    with urllib.request.urlopen(address, timeout=20) as answer:
        (version,) = json.load(answer)["model_version_status"]

    assert version["state"] == "AVAILABLE"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"server_key": b""}, "must have server_key, server_cert. .* lacks server_key"),
        ({"client_verify": True}, "server_cert, custom_ca. .* lacks custom_ca"),
        ({"server_cert": STRANGER.pem}, "must hold PEM text itself, not paths, and"),
        ({"server_key": b"/etc/key.pem"}, "which gRPC cannot use"),
        ({"client_verify": True, "custom_ca": b"?"}, "which gRPC cannot use"),
    ],
)
def test_what_cannot_be_used_is_refused_before_a_model_loads(tmp_path, fields, message):
    path = write_config(tmp_path, **fields)

    with pytest.raises(InputError, match=message):
        read_server_credentials(path)


def test_a_key_that_cannot_be_read_is_not_shown(tmp_path):
    path = tmp_path / "ssl.pbtxt"
    path.write_text("client_verify: true\nserver_key: 'SECRET\n")
    with pytest.raises(StatusError, match="SSLConfig: line 2, column 13$") as caught:
        read_server_credentials(str(path))
    assert "SECRET" not in str(caught.value)
    assert caught.value.code == Code.INVALID_ARGUMENT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "NOT_FOUND: .*ssl.pbtxt; No such file"),
        ("server_kye: 'x'", "Error parsing text-format tensorflow.serving.SSLConfig"),
    ],
)
def test_a_file_that_is_no_configuration_ends_the_start(tmp_path, model, text, message):
    path = tmp_path / "ssl.pbtxt"
    if text is not None:
        path.write_text(text)

    with pytest.raises(StatusError, match=message):
        start(model, ssl_config_file=str(path))
