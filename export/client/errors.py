"""What a server's refusals mean, in sentences."""

import grpc

from export.client.options import Options
from mmtf.errors import InputError


class ServerError(InputError):
    """A call that failed, with the gRPC status code in `code`."""

    def __init__(self, message: str, code: grpc.StatusCode):
        super().__init__(message)
        self.code = code


def explain(error: grpc.RpcError, options: Options) -> ServerError:
    """A failed call as an error to raise, with a message for its user."""
    details = error.details() or error.code().name
    # An op's message goes on with the place in the graph.
    reason = details.partition("\n")[0]
    return ServerError(_sentence(error.code(), reason, options), error.code())


def _sentence(code, reason, options):
    server = options.server
    if code == grpc.StatusCode.UNAVAILABLE:
        return _unavailable(reason, options)
    if code == grpc.StatusCode.DEADLINE_EXCEEDED:
        return (
            f"A server must answer within {options.timeout_seconds:g} seconds. "
            f"Received: nothing from {server!r}. Allow more time, or send fewer rows."
        )
    return f"The server at {server!r} refused the request: {reason}"


def _unavailable(reason, options):
    server, lower = options.server, reason.lower()
    if "handshake" in lower or "certificate" in lower:
        return (
            f"The server at {server!r} and this client found no TLS to speak: {reason}"
        )
    if "failed to connect" in lower or "dns" in lower:
        return (
            "`server` must be the HOST:PORT of a running server. Received: "
            f"{server!r}, which does not answer. Start one with `mmtf serve`."
        )
    return f"The server at {server!r} is not available now: {reason}"
