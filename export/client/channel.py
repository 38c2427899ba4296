"""A gRPC channel that repeats what the server could not take."""

import json

import grpc

from export.client.options import Options, Tls
from export.protocol import PREDICTION_SERVICE
from mmtf.errors import InputError

_NO_LIMIT = 2**31 - 1
_PREDICT = PREDICTION_SERVICE.methods["Predict"]


def open_channel(module, options: Options):
    """Opens a channel.

    Args:
        module: `grpc`, or `grpc.aio` for a channel to await.
        options: whom to connect to, and how.

    Raises:
        InputError: a file of keys or certificates cannot be read.
    """
    arguments = _arguments(options.retries)
    if options.tls is None:
        return module.insecure_channel(options.server, options=arguments)
    credentials = _credentials(options.tls)
    return module.secure_channel(options.server, credentials, options=arguments)


def predict_method(channel):
    """PredictionService.Predict as a function of a channel, of either module."""
    return channel.unary_unary(
        _PREDICT.path,
        request_serializer=_PREDICT.request.SerializeToString,
        response_deserializer=_PREDICT.response.FromString,
    )


def _arguments(retries):
    return [
        ("grpc.max_receive_message_length", -1),
        ("grpc.max_send_message_length", -1),
        ("grpc.service_config", json.dumps(_service_config(retries))),
        ("grpc.enable_retries", int(retries > 0)),
        # A request that does not fit into this buffer would be sent only once.
        ("grpc.per_rpc_retry_buffer_size", _NO_LIMIT),
        # A server that comes back is found before the retries are used up.
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 2000),
    ]


def _service_config(retries):
    """gRPC's own retry policy (github.com/grpc/proposal, A6-client-retries)."""
    if not retries:
        return {}
    policy = {
        "maxAttempts": retries + 1,
        "initialBackoff": "0.2s",
        "maxBackoff": "5s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
    }
    name = [{"service": PREDICTION_SERVICE.name}]
    return {"methodConfig": [{"name": name, "retryPolicy": policy}]}


def _credentials(tls: Tls):
    return grpc.ssl_channel_credentials(
        root_certificates=_read("ca", tls.ca),
        private_key=_read("key", tls.key),
        certificate_chain=_read("certificate", tls.certificate),
    )


def _read(name, path):
    if path is None:
        return None
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise InputError(
            f"`{name}` must be a PEM file. Received: {path!r} ({error.strerror})."
        ) from error
