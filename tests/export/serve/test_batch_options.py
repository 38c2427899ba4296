import os
import re

import pytest
from google.protobuf import text_format

from export.protocol import BatchingParameters
from export.runtime import StatusError
from export.serve.batch_options import BatchOptions, read_batch_options


def read(text):
    return read_batch_options(text_format.Parse(text, BatchingParameters()))


def test_the_defaults_are_the_servers():
    assert read("") == BatchOptions(
        max_request_size=1000,
        max_run_size=1000,
        timeout_seconds=0.0,
        num_threads=os.cpu_count(),
        max_enqueued_batches=10,
        allowed_sizes=(),
        split=False,
        pad=False,
        thread_name="batch_threads",
    )


def test_all_parameters_are_read():
    options = read(
        """
        max_batch_size { value: 32 }
        batch_timeout_micros { value: 1500 }
        num_batch_threads { value: 3 }
        max_enqueued_batches { value: 4 }
        thread_pool_name { value: "pool" }
        allowed_batch_sizes: 2
        allowed_batch_sizes: 8
        pad_variable_length_inputs: true
        enable_large_batch_splitting { value: true }
        max_execution_batch_size { value: 8 }
        """
    )

    assert (options.max_request_size, options.max_run_size) == (32, 8)
    assert (options.timeout_seconds, options.num_threads) == (0.0015, 3)
    assert (options.max_enqueued_batches, options.thread_name) == (4, "pool")
    assert (options.split, options.pad) == (True, True)
    assert options.allowed_sizes == (2, 8)


def test_only_what_is_split_has_a_size_of_its_own():
    options = read("max_batch_size { value: 32 } max_execution_batch_size { value: 8 }")

    assert options.max_run_size == 32


@pytest.mark.parametrize(("num_rows", "size"), [(1, 2), (2, 2), (3, 8), (8, 8)])
def test_a_run_has_the_next_allowed_size(num_rows, size):
    allowed = "max_batch_size { value: 8 } allowed_batch_sizes: [2, 8]"

    assert read(allowed).run_size(num_rows) == size
    assert read("").run_size(num_rows) == num_rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("max_batch_size { value: 0 }", "max_batch_size must be positive; was 0"),
        (
            "batch_timeout_micros { value: -1 }",
            "batch_timeout_micros must be non-negative; was -1",
        ),
        ("num_batch_threads { value: 0 }", "num_batch_threads must be positive; was 0"),
        (
            "max_enqueued_batches { value: -1 }",
            "max_enqueued_batches must be non-negative; was -1",
        ),
        (
            "max_batch_size { value: 8 } allowed_batch_sizes: [2, 4]",
            "Last entry in allowed_batch_sizes must match max_batch_size; last entry "
            "was 4; expected 8",
        ),
        (
            "max_batch_size { value: 8 } allowed_batch_sizes: [8, 8]",
            "allowed_batch_sizes entries must be monotonically increasing",
        ),
        (
            "max_batch_size { value: 8 } enable_large_batch_splitting { value: true } "
            "max_execution_batch_size { value: 4 } allowed_batch_sizes: [2, 8]",
            "Last entry in allowed_batch_sizes must be equal to "
            "max_execution_batch_size; last entry was 8; expected 4",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(text, message):
    with pytest.raises(StatusError, match=f"^INVALID_ARGUMENT: {re.escape(message)}$"):
        read(text)
