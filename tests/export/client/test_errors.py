import grpc
import pytest

from export.client.errors import explain
from export.client.options import Options
from mmtf.errors import InputError


class Failure(grpc.RpcError):
    def __init__(self, code, details):
        self._code, self._details = code, details

    def code(self):
        return self._code

    def details(self):
        return self._details


@pytest.mark.parametrize(
    ("code", "details", "message"),
    [
        ("UNAVAILABLE", "failed to connect to all addresses; last error: ...",
         "`server` must be the HOST:PORT of a running server. Received: 'a:1', which "
         "does not answer. Start one with `mmtf serve`."),
        ("UNAVAILABLE", "DNS resolution failed for a:1",
         "`server` must be the HOST:PORT of a running server. Received: 'a:1', which "
         "does not answer. Start one with `mmtf serve`."),
        ("UNAVAILABLE", "The queue is full",
         "The server at 'a:1' is not available now: The queue is full"),
        ("UNAVAILABLE", "Ssl handshake failed",
         "The server at 'a:1' and this client found no TLS to speak: Ssl handshake "
         "failed"),
        ("DEADLINE_EXCEEDED", "Deadline Exceeded",
         "A server must answer within 60 seconds. Received: nothing from 'a:1'. Allow "
         "more time, or send fewer rows."),
        ("NOT_FOUND", "no such model\n\t [[node]]",
         "The server at 'a:1' refused the request: no such model"),
        ("PERMISSION_DENIED", None, "The server at 'a:1' refused the request: "
         "PERMISSION_DENIED"),
    ],
)  # fmt: skip
def test_a_failure_becomes_a_sentence(code, details, message):
    code = grpc.StatusCode[code]
    error = explain(Failure(code, details), Options(server="a:1"))

    assert str(error) == message
    assert error.code == code
    assert isinstance(error, InputError)
