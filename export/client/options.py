"""What a client is told once and for all."""

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mmtf.errors import InputError

MAX_RETRIES = 4
"""gRPC itself goes no further than five attempts."""

_METADATA_KEY = re.compile(r"[0-9a-z_.-]+(?<!-bin)")
_METADATA_VALUE = re.compile(r"[\x20-\x7e]*")


@dataclass(frozen=True, kw_only=True)
class Tls:
    """How to speak TLS; without files, servers that this machine trusts will do."""

    ca: str | None = None
    """A PEM file with the certificates of the authorities to trust."""
    certificate: str | None = None
    """A PEM file with the client's own certificate chain."""
    key: str | None = None
    """A PEM file with the client's private key."""

    def __post_init__(self):
        if (self.certificate is None) != (self.key is None):
            raise InputError(
                "A client's certificate and key must be given together. Received: "
                f"certificate {self.certificate!r}, key {self.key!r}."
            )


@dataclass(frozen=True, kw_only=True)
class Options:
    """Whom to ask, what to send, and how long to try."""

    server: str = "localhost:8500"
    """HOST:PORT of TensorFlow Serving or of `mmtf serve`."""
    model: str = "demo"
    """The name that the server knows the model by."""
    version: int | None = None
    """A version of the model; None for the server's choice, mostly the latest."""
    label: str | None = None
    """A label that the server gave to a version, such as `stable`."""
    signature: str = "serving_default"
    """The signature to call; it takes raw text, image and audio."""
    tls: Tls | None = None
    """None for no encryption."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Sent along with every call, such as `{"authorization": "Bearer ..."}`."""
    timeout_seconds: float = 60.0
    """How long the answer to a request may take, retries included."""
    retries: int = 4
    """How often to repeat a request that the server could not take, at most 4.

    It waits about 0.2, 0.4, 0.8 and 1.6 seconds in between, each up to a fifth more or
    less."""
    rows_per_request: int = 16
    requests_in_flight: int = 4
    """Requests that are prepared, sent or awaited at the same time."""
    image_side: int = 256
    """Most pixels of a sent image's short side."""
    sample_rate_hz: int | None = None
    """What to resample audio to; None keeps each file's rate, which the served model
    mends. An export of mmtf 0.1.0 needs the rate that it was trained on."""

    def __post_init__(self):
        if self.version is not None and self.label is not None:
            raise InputError(
                "A version must be named by its number or its label. Received both: "
                f"{self.version} and {self.label!r}."
            )
        self._check_numbers()
        for key, value in self.metadata.items():
            if not (_METADATA_KEY.fullmatch(key) and _METADATA_VALUE.fullmatch(value)):
                raise InputError(
                    "Metadata must have keys of lower-case letters, digits and -_. "
                    "not ending in -bin, and values of printable ASCII. Received: "
                    f"the key {key!r}."  # The value may be a secret.
                )

    def _check_numbers(self):
        for name in ("timeout_seconds", "rows_per_request", "requests_in_flight",
                     "image_side", "sample_rate_hz"):  # fmt: skip
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise InputError(f"`{name}` must be above 0. Received: {value}.")
        if not 0 <= self.retries <= MAX_RETRIES:
            raise InputError(
                f"`retries` must be 0 to {MAX_RETRIES}. Received: {self.retries}."
            )
        if self.sample_rate_hz and importlib.util.find_spec("soxr") is None:
            raise InputError(
                "`sample_rate_hz` must be None where soxr is not installed. Received: "
                f"{self.sample_rate_hz}. Run: pip install soxr"
            )
