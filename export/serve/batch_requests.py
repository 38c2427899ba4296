"""What waits to be run: requests, and the parts of them."""

import threading
import time
from collections.abc import Mapping

import numpy as np

from export.runtime import Code, StatusError


class BatchRequest:
    """One caller's inputs, and its way to wait for their answer.

    Args:
        inputs: arrays whose first axes are equally long.
        num_rows: that length.
        timeout_seconds: how long the caller waits; None: for ever.

    Attributes:
        arrived: when it was made, by `time.monotonic`.
    """

    def __init__(
        self,
        inputs: Mapping[str, np.ndarray],
        num_rows: int,
        timeout_seconds: float | None = None,
    ):
        self.inputs = inputs
        self.num_rows = num_rows
        self.arrived = time.monotonic()
        self._timeout_seconds = timeout_seconds
        self._lock = threading.Lock()
        self._settled = threading.Event()
        self._num_missing = num_rows
        self._answers = {}
        self._error = None

    @property
    def is_settled(self) -> bool:
        """Whether running more of it would be in vain."""
        return self._settled.is_set()

    def remaining_seconds(self) -> float | None:
        """The time left; zero when it is over, None when there is no end."""
        if self._timeout_seconds is None:
            return None
        return max(0.0, self.arrived + self._timeout_seconds - time.monotonic())

    def fail(self, error: Exception) -> None:
        """Gives the caller an error instead of an answer."""
        with self._lock:
            self._error = self._error or error
            self._settled.set()

    def answer(self, part: "BatchPart", outputs: Mapping[str, np.ndarray]) -> None:
        """Takes the answer for a part of the rows."""
        with self._lock:
            self._answers[part.start] = outputs
            self._num_missing -= part.num_rows
            if not self._num_missing:
                self._settled.set()

    def wait(self) -> dict[str, np.ndarray]:
        """The whole answer, as soon as it is there.

        Raises:
            StatusError: the run failed, or the time is over.
        """
        if not self._settled.wait(self.remaining_seconds()):
            self.fail(queue_timeout())
        if isinstance(self._error, StatusError):
            # Several callers raise the same error, each with its own traceback.
            raise StatusError(self._error.code, self._error.message) from self._error
        if self._error:
            raise self._error
        pieces = [self._answers[start] for start in sorted(self._answers)]
        if len(pieces) == 1:
            return dict(pieces[0])
        return {
            name: np.concatenate([piece[name] for piece in pieces])
            for name in pieces[0]
        }


class BatchPart:
    """Rows `start` to `stop` of a request."""

    def __init__(self, request: BatchRequest, start: int, stop: int):
        self.request = request
        self.start = start
        self.num_rows = stop - start

    def rows(self, name: str) -> np.ndarray:
        """The rows of one input."""
        return self.request.inputs[name][self.start : self.start + self.num_rows]


def queue_timeout() -> StatusError:
    """What a caller is told whose time was over before its turn."""
    return StatusError(
        Code.DEADLINE_EXCEEDED,
        "Run() timeout exceeded while waiting in batching queue",
    )
