"""The batches that wait for one kind of run, oldest first."""

import time
from collections import deque
from collections.abc import Iterator

from export.runtime import Code, StatusError
from export.serve.batch_options import BatchOptions
from export.serve.batch_requests import BatchPart, BatchRequest


class Batch:
    """Parts of requests that will be run together."""

    def __init__(self):
        self.parts = []
        self.num_rows = 0
        self.opened = time.monotonic()

    def add(self, part: BatchPart) -> None:
        """Adds the rows of a part."""
        self.parts.append(part)
        self.num_rows += part.num_rows


class BatchQueue:
    """Requests that can be merged; the caller sees to locking.

    The last batch is open: it takes further requests until it is full, its time is
    over, or it is taken.

    Args:
        options: limits and the time that a batch waits.
    """

    def __init__(self, options: BatchOptions):
        self._options = options
        self._batches: deque[Batch] = deque()

    def __len__(self) -> int:
        return len(self._batches)

    def add(self, request: BatchRequest) -> None:
        """Spreads a request over the batches.

        Raises:
            StatusError: INVALID_ARGUMENT, the request is too large; UNAVAILABLE, the
                queue is full. Nothing is added then.
        """
        self._check_room_for(request.num_rows)
        start = 0
        for num_rows in self._cut(request.num_rows):
            if not self._batches or num_rows > self._room():
                self._batches.append(Batch())
            self._batches[-1].add(BatchPart(request, start, start + num_rows))
            start += num_rows

    def take(self) -> Batch:
        """Removes the oldest batch."""
        return self._batches.popleft()

    def due(self) -> float:
        """When the oldest batch may run, by `time.monotonic`; 0.0 means at once."""
        if len(self._batches) > 1 or not self._room():
            return 0.0
        return self._batches[0].opened + self._options.timeout_seconds

    def wants_attention(self) -> bool:
        """Whether the last `add` may have changed what `due` says."""
        return len(self._batches[-1].parts) == 1 or not self._room()

    def _room(self) -> int:
        used = self._batches[-1].num_rows if self._batches else 0
        return self._options.max_run_size - used

    def _cut(self, num_rows) -> Iterator[int]:
        room = self._room()
        if self._options.split and 0 < room < num_rows:
            yield room
            num_rows -= room
        while num_rows:
            cut = min(num_rows, self._options.max_run_size)
            yield cut
            num_rows -= cut

    def _check_room_for(self, num_rows):
        options = self._options
        if num_rows > options.max_request_size:
            raise StatusError(
                Code.INVALID_ARGUMENT,
                f"Task size {num_rows} is larger than maximum input batch size "
                f"{options.max_request_size}",
            )
        # The server always counts an open batch, be it an empty one.
        num_batches = max(1, len(self._batches))
        num_spare = options.max_enqueued_batches - num_batches
        if options.split:
            capacity = num_spare * options.max_run_size + self._room()
            details = (
                f"task size is {num_rows} but scheduling capacity is only {capacity} "
                f"(num_enqueued_batches={num_batches}, "
                f"max_enqueued_batches={options.max_enqueued_batches}, "
                f"open_batch_size={options.max_run_size - self._room()}, "
                f"max_execution_batch_size={options.max_run_size})"
            )
            is_full = num_rows > capacity
        else:
            details = (
                f"currently {num_batches} batches enqueued and "
                f"max_enqueued_batches is {options.max_enqueued_batches}"
            )
            is_full = num_rows > self._room() and num_spare <= 0
        if is_full:
            raise StatusError(
                Code.UNAVAILABLE,
                "The batch scheduling queue to which this task was submitted is full; "
                f"{details}",
            )
