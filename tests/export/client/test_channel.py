import grpc
import pytest

from export.client import ServerError, Tls, predict
from mmtf.errors import InputError
from tests.export.client.certificates import Authority
from tests.export.client.fake_server import FakeServer, answer
from tests.export.client.test_clients import both

ROW = {"text": "500"}


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def pem(authority, tmp_path_factory):
    """Paths of PEM files by what is in them."""
    folder = tmp_path_factory.mktemp("pem")
    key, certificate = authority.issue()
    contents = {"ca": authority.pem, "key": key, "certificate": certificate,
                "other_ca": Authority().pem}  # fmt: skip
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return {name: str(folder / name) for name in contents}


@pytest.fixture
def secure_server(authority):
    credentials = grpc.ssl_server_credentials([authority.issue()])
    with FakeServer(credentials=credentials) as server:
        yield server


@pytest.fixture
def choosy_server(authority):
    """It wants a certificate from its clients, too."""
    credentials = grpc.ssl_server_credentials(
        [authority.issue()],
        root_certificates=authority.pem,
        require_client_auth=True,
    )
    with FakeServer(credentials=credentials) as server:
        yield server


@both
def test_a_server_whose_authority_is_trusted_is_asked(make, secure_server, pem):
    with make(secure_server.address, tls=Tls(ca=pem["ca"])) as client:
        assert client.predict([ROW])[0]["scores"]["yes"] == 0.5


def test_a_client_shows_its_certificate(choosy_server, pem):
    tls = Tls(ca=pem["ca"], certificate=pem["certificate"], key=pem["key"])

    assert predict([ROW], server=choosy_server.address, tls=tls)


@pytest.mark.parametrize("ca", ["other_ca", None])
@both
def test_an_authority_that_is_not_trusted_is_said(make, secure_server, pem, ca):
    tls = Tls(ca=ca and pem[ca])
    with (
        make(secure_server.address, tls=tls, retries=0) as client,
        pytest.raises(ServerError, match="found no TLS to speak: .*ertificate"),
    ):
        client.predict([ROW])


def test_a_server_without_tls_is_said(pem):
    with (
        FakeServer() as server,
        pytest.raises(ServerError, match="found no TLS to speak"),
    ):
        predict([ROW], server=server.address, tls=Tls(ca=pem["ca"]), retries=0)


def test_a_missing_pem_file_is_named(pem):
    with pytest.raises(
        InputError, match="`ca` must be a PEM file. .*'no.pem' .No such"
    ):
        predict([ROW], tls=Tls(ca="no.pem"))


def test_a_certificate_without_its_key_is_refused():
    with pytest.raises(InputError, match="must be given together.* key None"):
        Tls(certificate="mine.pem")


def test_answers_beyond_grpcs_own_4_mebibytes_are_received():
    """Point 15, at the client."""

    def model(inputs):
        outputs = answer(inputs)
        outputs["classes"] += "x" * 2**21
        return outputs

    with FakeServer(
        model=model, options=[("grpc.max_send_message_length", -1)]
    ) as server:
        (prediction,) = predict([ROW], server=server.address)

    assert sum(map(len, prediction["scores"])) > 3 * 2**21
