"""A client that mixes good requests with malformed ones, and checks every answer."""

import http.client
import random
import time
from dataclasses import dataclass

import grpc

from benchmarks.payloads import repeat
from benchmarks.soak_answers import is_equal, read_grpc, read_rest
from benchmarks.soak_malformed import GRPC_MALFORMED, REST_MALFORMED, Malformed
from benchmarks.soak_media import BAD_MEDIA, BadMedia
from benchmarks.soak_report import Report
from benchmarks.targets import grpc_call, grpc_request, rest_body, rest_call

_TIMEOUT_SECONDS = 120.0
_MAX_ROWS = 3
_PAUSE_SECONDS = 0.1
_MAX_FAILURES = 100
# What cannot be decoded is refused, or counts as absent, as the export says.
_GRPC_MEDIA = frozenset({"OK", "INVALID_ARGUMENT"})
_REST_MEDIA = frozenset({200, 400, 413})


@dataclass(frozen=True)
class Traffic:
    """What is sent, where, and what must come back.

    Attributes:
        port: of gRPC.
        rest_port: of REST.
        model: what the server calls the model.
        inputs: good rows, an array of bytes objects (rows,) for each input; one at
            least lacks nothing.
        expected: the answers to them, an array (rows, ...) for each output.
        bad_share: how much of the traffic is malformed.
    """

    port: int
    rest_port: int
    model: str
    inputs: dict
    expected: dict
    bad_share: float = 0.1


class Client:
    """One client, with connections of its own.

    Args:
        traffic: what is sent.
        seed: of what it chooses.

    Attributes:
        report: what came of it so far.
    """

    def __init__(self, traffic: Traffic, seed: int):
        self.report = Report()
        self._traffic = traffic
        self._chance = random.Random(seed)
        self._call_grpc = grpc_call(traffic.port)
        self._call_rest = rest_call(traffic.rest_port, traffic.model)
        self._row = _full_row(traffic.inputs)

    def run(self, seconds: float) -> None:
        """Sends one request after the other; gives up when too much fails."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            failures = self.report.num_failures
            if failures >= _MAX_FAILURES:
                return
            self._send_any()
            if self.report.num_failures > failures:
                time.sleep(_PAUSE_SECONDS)

    def send_good(self) -> None:
        """A few good rows, which must be answered, and rightly."""
        size = len(next(iter(self._traffic.inputs.values())))
        rows = self._chance.choices(range(size), k=self._chance.randint(1, _MAX_ROWS))
        inputs = {name: array[rows] for name, array in self._traffic.inputs.items()}
        if self._chance.random() < 0.5:
            data = grpc_request(self._traffic.model, inputs).SerializeToString()
            answer = self._ask_grpc("good", data, {"OK"})
            outputs = None if answer is None else read_grpc(answer)
        else:
            answer = self._ask_rest("good", rest_body(inputs), {200})
            outputs = None if answer is None else read_rest(answer)
        if outputs is not None:
            self._compare(outputs, rows)

    def send_media(self, media: BadMedia) -> None:
        """A row with bad media, which may be answered or refused."""
        row = {**self._row, **media.spoil(self._chance, self._row)}
        inputs = repeat(row, 1)
        if self._chance.random() < 0.5:
            data = grpc_request(self._traffic.model, inputs).SerializeToString()
            self._ask_grpc(media.name, data, _GRPC_MEDIA)
        else:
            self._ask_rest(media.name, rest_body(inputs), _REST_MEDIA)

    def send_malformed_grpc(self, bad: Malformed) -> None:
        """A gRPC request that must be refused."""
        data = bad.make(self._chance, self._traffic.model, self._row)
        self._ask_grpc(bad.name, data, bad.allowed)

    def send_malformed_rest(self, bad: Malformed) -> None:
        """A REST request that must be refused."""
        body = bad.make(self._chance, self._traffic.model, self._row)
        self._ask_rest(bad.name, body, bad.allowed)

    def _send_any(self):
        if self._chance.random() >= self._traffic.bad_share:
            self.send_good()
            return
        kind = self._chance.choice(("media", "grpc", "rest"))
        if kind == "media":
            weights = [media.weight for media in BAD_MEDIA]
            self.send_media(self._chance.choices(BAD_MEDIA, weights)[0])
        elif kind == "grpc":
            self.send_malformed_grpc(self._chance.choice(GRPC_MALFORMED))
        else:
            self.send_malformed_rest(self._chance.choice(REST_MALFORMED))

    def _ask_grpc(self, name, data, allowed):
        """The answer's bytes, or None if there is none."""
        answer, code, words = None, "OK", ""
        try:
            answer = self._call_grpc(data, timeout=_TIMEOUT_SECONDS)
        except grpc.RpcError as error:
            code, words = error.code().name, error.details()
        self._note(f"{name}, gRPC", code, allowed, words)
        return answer

    def _ask_rest(self, name, body, allowed):
        """The answer's bytes, or None if it is an error."""
        answer, status = b"", 0
        try:
            status, answer = self._call_rest(body)
        except (OSError, http.client.HTTPException) as error:
            answer = f"{type(error).__name__}: {error}".encode()
        self._note(
            f"{name}, REST", status, allowed, answer[:300].decode("utf-8", "replace")
        )
        return answer if status == 200 else None

    def _note(self, name, status, allowed, words):
        self.report.counts[name] += 1
        if status not in allowed:
            self.report.fail(f"{name}: {status} is none of {sorted(allowed)}. {words}")

    def _compare(self, outputs, rows):
        for name, expected in self._traffic.expected.items():
            if not is_equal(outputs.get(name), expected[rows]):
                self.report.fail(
                    f"Rows {rows} have a wrong {name}: {outputs.get(name)}, which "
                    f"should be {expected[rows]}."
                )


def _full_row(inputs):
    rows = zip(*inputs.values(), strict=True)
    return dict(zip(inputs, next(row for row in rows if all(row)), strict=True))
