"""gRPC over TLS, as tensorflow_model_server has it by `--ssl_config_file`."""

from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf import text_format

from export.protocol import SSLConfig
from export.runtime.status import StatusError
from export.serve.config import read_text_proto
from mmtf.errors import InputError


def read_server_credentials(path: str) -> grpc.ServerCredentials:
    """Reads an SSLConfig in text format, whose fields hold PEM text, not paths.

    `server_key` and `server_cert` are the server's own. With `client_verify`, clients
    must show a certificate, too, and `custom_ca` has who may have signed it.

    Raises:
        StatusError: the file cannot be read.
        InputError: a field is missing, or gRPC cannot use what one holds.
    """
    config = _read(path)
    needed = ["server_key", "server_cert"]
    if config.client_verify:
        needed.append("custom_ca")
    missing = [name for name in needed if not getattr(config, name)]
    if missing:
        raise InputError(
            f"An SSLConfig must have {', '.join(needed)}. Received: {path!r}, which "
            f"lacks {', '.join(missing)}."
        )
    credentials = grpc.ssl_server_credentials(
        [(config.server_key.encode(), config.server_cert.encode())],
        root_certificates=config.custom_ca.encode() if config.client_verify else None,
        require_client_auth=config.client_verify,
    )
    _require_usable(credentials, path)
    return credentials


def _read(path):
    try:
        return read_text_proto(path, SSLConfig)
    except StatusError as error:
        cause = error.__cause__
        if not isinstance(cause, text_format.ParseError):
            raise
        # The parser quotes the line, which may hold the private key.
        message = error.message.replace(str(cause), _place(cause))
        raise StatusError(error.code, message) from None


def _place(error):
    return f"line {error.GetLine()}, column {error.GetColumn()}"


def _require_usable(credentials, path):
    # gRPC looks at keys when it listens, and then says what it says of a taken port.
    server = grpc.server(ThreadPoolExecutor(1))
    try:
        server.add_secure_port("127.0.0.1:0", credentials)
    except RuntimeError as error:
        raise InputError(
            "An SSLConfig must hold PEM text itself, not paths, and a certificate "
            f"that belongs to the key. Received: {path!r}, which gRPC cannot use."
        ) from error
    finally:
        server.stop(None)
