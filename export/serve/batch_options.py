"""BatchingParameters read as tensorflow_model_server reads them."""

import os
from collections.abc import Iterable
from dataclasses import dataclass

from export.protocol import BatchingParameters
from export.runtime import Code, StatusError

_MAX_BATCH_SIZE = 1000
_MAX_ENQUEUED_BATCHES = 10


@dataclass(frozen=True, kw_only=True)
class BatchOptions:
    """How requests are merged.

    Attributes:
        max_request_size: most rows of one request.
        max_run_size: most rows of one run.
        timeout_seconds: how long a batch waits to fill up.
        num_threads: how many batches run at once.
        max_enqueued_batches: most batches that wait in one queue.
        allowed_sizes: the numbers of rows that a run may have, ascending; none: any.
        split: whether a request may be spread over several runs.
        pad: whether arrays of different sizes are padded to the largest.
        thread_name: what the threads are called.
    """

    max_request_size: int
    max_run_size: int
    timeout_seconds: float
    num_threads: int
    max_enqueued_batches: int
    allowed_sizes: tuple[int, ...]
    split: bool
    pad: bool
    thread_name: str

    def run_size(self, num_rows: int) -> int:
        """The rows of a run for so many rows of requests."""
        return min(
            (size for size in self.allowed_sizes if size >= num_rows), default=num_rows
        )


def read_batch_options(parameters: BatchingParameters) -> BatchOptions:
    """Fills in the server's defaults and checks the result.

    Raises:
        StatusError: INVALID_ARGUMENT, with the server's words.
    """

    def value(name, default):
        wrapped = parameters.HasField(name)
        return getattr(parameters, name).value if wrapped else default

    max_request_size = value("max_batch_size", _MAX_BATCH_SIZE)
    split = value("enable_large_batch_splitting", False)
    timeout_micros = value("batch_timeout_micros", 0)
    _check_range("max_batch_size", max_request_size, 1)
    _check_range("batch_timeout_micros", timeout_micros, 0)
    options = BatchOptions(
        max_request_size=max_request_size,
        max_run_size=(
            value("max_execution_batch_size", max_request_size)
            if split
            else max_request_size
        ),
        timeout_seconds=timeout_micros / 1e6,
        num_threads=value("num_batch_threads", os.cpu_count() or 1),
        max_enqueued_batches=value("max_enqueued_batches", _MAX_ENQUEUED_BATCHES),
        allowed_sizes=tuple(parameters.allowed_batch_sizes),
        split=split,
        pad=parameters.pad_variable_length_inputs,
        thread_name=value("thread_pool_name", "") or "batch_threads",
    )
    _check_range("max_execution_batch_size", options.max_run_size, 1)
    _check_range("num_batch_threads", options.num_threads, 1)
    _check_range("max_enqueued_batches", options.max_enqueued_batches, 0)
    _check_allowed_sizes(options)
    return options


def _check_range(name, value, smallest):
    if value < smallest:
        what = "positive" if smallest else "non-negative"
        raise _invalid(f"{name} must be {what}; was {value}")


def _check_allowed_sizes(options):
    sizes = options.allowed_sizes
    if not _ascending(sizes):
        raise _invalid("allowed_batch_sizes entries must be monotonically increasing")
    if sizes and sizes[-1] != options.max_run_size:
        rule = (
            "be equal to max_execution_batch_size"
            if options.split
            else "match max_batch_size"
        )
        raise _invalid(
            f"Last entry in allowed_batch_sizes must {rule}; last entry was "
            f"{sizes[-1]}; expected {options.max_run_size}"
        )


def _ascending(sizes: Iterable[int]) -> bool:
    return all(a < b for a, b in zip(sizes[:-1], sizes[1:], strict=True))


def _invalid(message):
    return StatusError(Code.INVALID_ARGUMENT, message)
