"""Merging by a fake session that notes its runs and waits where it is told to."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from google.protobuf import text_format
from hypothesis import given, settings
from hypothesis import strategies as st

from export.protocol import BatchingParameters, SignatureDef
from export.runtime import Code, StatusError
from export.serve.batching import Batcher

LONG = "batch_timeout_micros { value: 3600000000 }"


class FakeSession:
    """Adds up its inputs; negative numbers are invalid arguments.

    Attributes:
        runs: the inputs of each run, and what else came with it.
        entered: set while a run waits for `go`.
    """

    def __init__(self, waits=False):
        signature = SignatureDef()
        for name in ("sum", "half"):
            signature.outputs[name].name = name
        self.signatures = {"add": signature}
        self.runs = []
        self.entered, self.go = threading.Event(), threading.Event()
        if not waits:
            self.go.set()

    def run(self, signature_name, inputs, *, outputs=None, timeout_seconds=None):
        self.runs.append((inputs, outputs, timeout_seconds))
        self.entered.set()
        self.go.wait()
        total = sum(inputs.values())
        if (total < 0).any():
            raise StatusError(Code.INVALID_ARGUMENT, "Negative.")
        answers = {"sum": total, "half": total / 2}
        return {name: answers[name] for name in outputs}

    def sizes(self):
        return [len(next(iter(inputs.values()))) for inputs, _, _ in self.runs]


@pytest.fixture
def make_batcher():
    """Batchers that are closed in the end."""
    batchers = []

    def make(session, parameters):
        message = text_format.Parse(parameters, BatchingParameters())
        batchers.append(Batcher(session, message))
        return batchers[-1]

    yield make
    for batcher in batchers:
        batcher.close()


@pytest.fixture
def pool():
    with ThreadPoolExecutor(16) as pool:
        yield pool


def floats(*values):
    return np.array(values, np.float32)


def add(batcher, *values, **options):
    return batcher.run("add", {"x": floats(*values)}, outputs=["sum"], **options)["sum"]


def refused(code, message):
    return pytest.raises(StatusError, match=f"^{code.name}: {re.escape(message)}$")


def test_a_lone_request_is_run_as_it_is(make_batcher):
    session = FakeSession()

    answer = make_batcher(session, "").run("add", {"x": floats(1, 2)})

    assert {name: value.tolist() for name, value in answer.items()} == {
        "sum": [1, 2],
        "half": [0.5, 1],
    }
    assert session.sizes() == [2]


def test_requests_are_run_together_when_they_fill_a_batch(make_batcher, pool):
    session = FakeSession()
    batcher = make_batcher(session, f"max_batch_size {{ value: 4 }} {LONG}")

    answers = pool.map(lambda n: add(batcher, n), range(4))

    assert [answer.tolist() for answer in answers] == [[0], [1], [2], [3]]
    assert session.sizes() == [4]


def test_a_batch_waits_no_longer_than_it_may(make_batcher):
    batcher = make_batcher(FakeSession(), "batch_timeout_micros { value: 1000 }")

    assert add(batcher, 5).tolist() == [5]


def test_what_arrives_during_a_run_is_run_together_afterwards(make_batcher, pool):
    session = FakeSession(waits=True)
    parameters = "max_batch_size { value: 3 } num_batch_threads { value: 1 }"
    batcher = make_batcher(session, f"{parameters} {LONG}")
    first = pool.submit(add, batcher, 1, 2, 3)
    session.entered.wait()
    others = [pool.submit(add, batcher, n) for n in (4, 5, 6)]

    session.go.set()

    assert [other.result().tolist() for other in others] == [[4], [5], [6]]
    assert first.result().tolist() == [1, 2, 3]
    assert session.sizes() == [3, 3]


def test_runs_have_an_allowed_size(make_batcher):
    session = FakeSession()
    allowed = "max_batch_size { value: 8 } " + "".join(
        f"allowed_batch_sizes: {size} " for size in (2, 4, 8)
    )

    answer = add(make_batcher(session, allowed), 7, 8, 9)

    assert answer.tolist() == [7, 8, 9]
    ((inputs, _, _),) = session.runs
    assert inputs["x"].tolist() == [7, 8, 9, 7]


def test_a_request_larger_than_a_batch_is_refused(make_batcher):
    batcher = make_batcher(FakeSession(), "max_batch_size { value: 2 }")

    message = "Task size 3 is larger than maximum input batch size 2"
    with refused(Code.INVALID_ARGUMENT, message):
        add(batcher, 1, 2, 3)


def test_a_full_queue_is_unavailable(make_batcher, pool):
    session = FakeSession(waits=True)
    parameters = "max_batch_size { value: 1 } num_batch_threads { value: 1 }"
    batcher = make_batcher(session, f"{parameters} max_enqueued_batches {{ value: 1 }}")
    running = pool.submit(add, batcher, 1)
    session.entered.wait()
    with pytest.raises(StatusError, match="timeout exceeded"):
        add(batcher, 2, timeout_seconds=0.01)

    message = (
        "The batch scheduling queue to which this task was submitted is full; "
        "currently 1 batches enqueued and max_enqueued_batches is 1"
    )
    with refused(Code.UNAVAILABLE, message):
        add(batcher, 3)
    session.go.set()

    assert running.result().tolist() == [1]


SPLIT = (
    "max_batch_size { value: 9 } enable_large_batch_splitting { value: true } "
    "max_execution_batch_size { value: 2 } num_batch_threads { value: 1 } "
)


def test_a_large_request_may_be_spread_over_runs(make_batcher):
    session = FakeSession()

    answer = add(make_batcher(session, SPLIT), 1, 2, 3, 4, 5)

    assert answer.tolist() == [1, 2, 3, 4, 5]
    assert session.sizes() == [2, 2, 1]


def test_a_spread_request_fills_what_is_open(make_batcher, pool):
    session = FakeSession()
    batcher = make_batcher(session, SPLIT + LONG)

    answers = list(pool.map(lambda values: add(batcher, *values), [[1], [2, 3, 4]]))

    assert [answer.tolist() for answer in answers] == [[1], [2, 3, 4]]
    assert session.sizes() == [2, 2]


def test_a_spread_request_fails_as_a_whole(make_batcher):
    with refused(Code.INVALID_ARGUMENT, "Negative."):
        add(make_batcher(FakeSession(), SPLIT), 1, 2, -3, 4, 5)


def test_a_spread_request_must_fit_into_the_queue(make_batcher):
    batcher = make_batcher(FakeSession(), SPLIT + "max_enqueued_batches { value: 2 }")

    message = (
        "The batch scheduling queue to which this task was submitted is full; task "
        "size is 5 but scheduling capacity is only 4 (num_enqueued_batches=1, "
        "max_enqueued_batches=2, open_batch_size=0, max_execution_batch_size=2)"
    )
    with refused(Code.UNAVAILABLE, message):
        add(batcher, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (
            {"x": floats(1, 2), "y": floats(1)},
            "Batching Run() input tensors must have equal 0th-dimension size",
        ),
        (
            {"x": np.float32(1)},
            "Batching Run() input tensors must have at least one dimension",
        ),
    ],
)
def test_inputs_must_have_equally_many_rows(make_batcher, inputs, message):
    with refused(Code.INVALID_ARGUMENT, message):
        make_batcher(FakeSession(), "").run("add", inputs)


@pytest.mark.parametrize("inputs", [{}, {"x": floats()}], ids=["none", "no row"])
def test_a_request_without_rows_is_left_to_the_graph(make_batcher, inputs):
    class Session(FakeSession):
        def run(self, signature_name, inputs, *, outputs=None, timeout_seconds=None):
            raise StatusError(Code.INVALID_ARGUMENT, f"Rows: {list(inputs)}.")

    allowed = "max_batch_size { value: 8 } allowed_batch_sizes: 8"
    with refused(Code.INVALID_ARGUMENT, f"Rows: {list(inputs)}."):
        make_batcher(Session(), allowed).run("add", inputs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"inputs": {"x": floats(1)}}, {"inputs": {"x": floats(1), "y": floats(1)}}),
        ({"inputs": {"x": floats(1)}}, {"inputs": {"x": np.ones(1, np.int32)}}),
        ({"inputs": {"x": floats(1)}}, {"inputs": {"x": np.ones((1, 1), np.float32)}}),
        (
            {"inputs": {"x": floats(1)}, "outputs": ["sum"]},
            {"inputs": {"x": floats(1)}, "outputs": ["half"]},
        ),
    ],
    ids=["inputs", "types", "shapes", "outputs"],
)
def test_only_requests_of_a_kind_are_merged(make_batcher, pool, one, other):
    session = FakeSession()
    batcher = make_batcher(session, f"max_batch_size {{ value: 2 }} {LONG}")

    answers = pool.map(lambda call: batcher.run("add", **call), [one, other] * 2)

    assert [len(answer) for answer in answers] == [len(one.get("outputs", "sh"))] * 4
    assert session.sizes() == [2, 2]
    first, second = [(sorted(inputs), outputs) for inputs, outputs, _ in session.runs]
    shapes = [[a.shape + (a.dtype,) for a in run[0].values()] for run in session.runs]
    assert first != second or shapes[0] != shapes[1]


def test_arrays_of_different_lengths_are_padded_on_request(make_batcher, pool):
    session = FakeSession()
    parameters = "max_batch_size { value: 2 } pad_variable_length_inputs: true"
    batcher = make_batcher(session, f"{parameters} {LONG}")
    arrays = [np.full((1, 1, 3), 7, np.float32), np.full((1, 2, 1), 9, np.float32)]

    answers = list(pool.map(lambda array: batcher.run("add", {"x": array}), arrays))

    assert session.runs[0][0]["x"].shape == (2, 2, 3)
    assert answers[0]["sum"].tolist() == [[[7, 7, 7], [7, 7, 7]]]
    assert answers[1]["sum"].tolist() == [[[9, 9, 9], [9, 9, 9]]]


def test_an_array_without_values_cannot_be_padded(make_batcher, pool):
    parameters = "max_batch_size { value: 2 } pad_variable_length_inputs: true"
    session = FakeSession()
    batcher = make_batcher(session, f"{parameters} {LONG}")
    arrays = [np.ones((1, 0), np.float32), np.ones((1, 2), np.float32)]

    answers = list(pool.map(lambda array: batcher.run("add", {"x": array}), arrays))

    # Each alone, where there is nothing to pad.
    assert [answer["sum"].shape for answer in answers] == [(1, 0), (1, 2)]
    assert session.sizes() == [1, 1]


def test_a_bad_request_does_not_harm_the_others_of_its_batch(make_batcher, pool):
    session = FakeSession()
    batcher = make_batcher(session, f"max_batch_size {{ value: 4 }} {LONG}")
    calls = [pool.submit(add, batcher, n) for n in (1, -2, 3, 4)]

    with refused(Code.INVALID_ARGUMENT, "Negative."):
        calls[1].result()
    good = [call.result().tolist() for call in (calls[0], calls[2], calls[3])]
    assert good == [[1], [3], [4]]
    assert session.sizes() == [4, 1, 1, 1, 1]


@pytest.mark.parametrize(
    "error", [StatusError(Code.INTERNAL, "Broken."), ZeroDivisionError("Broken.")]
)
def test_other_errors_reach_every_caller(make_batcher, pool, error):
    class Session(FakeSession):
        def run(self, *args, **options):
            raise error

    batcher = make_batcher(Session(), f"max_batch_size {{ value: 2 }} {LONG}")
    calls = [pool.submit(add, batcher, n) for n in (1, 2)]

    for call in calls:
        with pytest.raises(type(error), match="Broken."):
            call.result()


def test_time_may_run_out_while_a_request_waits(make_batcher, pool):
    session = FakeSession(waits=True)
    parameters = "max_batch_size { value: 2 } num_batch_threads { value: 1 }"
    batcher = make_batcher(session, f"{parameters} {LONG}")
    running = pool.submit(add, batcher, 1, 2)
    session.entered.wait()

    message = "Run() timeout exceeded while waiting in batching queue"
    with refused(Code.DEADLINE_EXCEEDED, message):
        add(batcher, 3, timeout_seconds=0.01)
    other = pool.submit(add, batcher, 4)
    session.go.set()

    assert running.result().tolist() == [1, 2]
    assert other.result().tolist() == [4]
    assert session.sizes() == [2, 1]


@pytest.mark.parametrize(
    ("timeouts", "low", "high"), [((50, 100), 50, 100), ((50, None), None, None)]
)
def test_a_run_may_take_as_long_as_the_most_patient(
    make_batcher, pool, timeouts, low, high
):
    session = FakeSession()
    batcher = make_batcher(session, f"max_batch_size {{ value: 2 }} {LONG}")

    list(pool.map(lambda t: add(batcher, 1, timeout_seconds=t), timeouts))

    ((_, _, timeout),) = session.runs
    assert timeout is high or low < timeout <= high


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (np.float32(1), "Batched output tensor has 0 dimensions"),
        (
            floats(1, 2, 3),
            "Batched output tensor's 0th dimension does not equal the sum of the 0th "
            "dimension sizes of the input tensors",
        ),
    ],
)
def test_outputs_must_have_a_row_for_each_row(make_batcher, output, message):
    class Session(FakeSession):
        def run(self, *args, **options):
            return {"sum": output}

    with refused(Code.FAILED_PRECONDITION, message):
        add(make_batcher(Session(), ""), 1, 2)


def test_closing_waits_for_those_inside_and_lets_nobody_in(pool):
    session = FakeSession(waits=True)
    batcher = Batcher(session, BatchingParameters())
    inside = pool.submit(add, batcher, 1)
    session.entered.wait()
    closing = pool.submit(batcher.close)
    with pytest.raises(StatusError, match="timeout exceeded|session is closed"):
        add(batcher, 2, timeout_seconds=0.01)

    assert not closing.done()
    session.go.set()
    closing.result()

    assert inside.result().tolist() == [1]
    with refused(Code.UNAVAILABLE, "The batching session is closed."):
        add(batcher, 3)


def test_closing_runs_what_waits(pool):
    session = FakeSession(waits=True)
    parameters = (
        f"max_batch_size {{ value: 2 }} num_batch_threads {{ value: 1 }} {LONG}"
    )
    batcher = Batcher(session, text_format.Parse(parameters, BatchingParameters()))
    running = pool.submit(add, batcher, 1, 2)
    session.entered.wait()
    waiting = pool.submit(add, batcher, 3)
    with pytest.raises(StatusError, match="timeout exceeded"):
        add(batcher, 4, 5, timeout_seconds=0.01)
    session.go.set()
    running.result()

    batcher.close()

    # It may have come too late, but must not be left behind.
    error = waiting.exception()
    assert error.code == Code.UNAVAILABLE if error else waiting.result().tolist() == [3]


sizes = st.lists(st.integers(1, 6), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    sizes=sizes,
    max_run_size=st.integers(1, 6),
    split=st.booleans(),
    pad_to=st.booleans(),
    num_threads=st.integers(1, 3),
    timeout_micros=st.sampled_from([0, 500]),
)
def test_everyone_gets_their_own_rows(
    sizes, max_run_size, split, pad_to, num_threads, timeout_micros
):
    parameters = BatchingParameters()
    parameters.max_batch_size.value = 6
    parameters.num_batch_threads.value = num_threads
    parameters.batch_timeout_micros.value = timeout_micros
    parameters.max_enqueued_batches.value = 100
    if split:
        parameters.enable_large_batch_splitting.value = True
        parameters.max_execution_batch_size.value = max_run_size
    if pad_to:
        parameters.allowed_batch_sizes.append(max_run_size if split else 6)
    ends = np.cumsum(sizes)
    requests = [
        np.arange(end - n, end, dtype=np.float32)
        for n, end in zip(sizes, ends, strict=True)
    ]
    batcher = Batcher(FakeSession(), parameters)
    start = threading.Barrier(len(sizes))

    def call(array):
        start.wait()
        return batcher.run("add", {"x": array, "y": array}, outputs=["sum"])["sum"]

    with ThreadPoolExecutor(len(sizes)) as pool:
        answers = list(pool.map(call, requests))
    batcher.close()

    for array, answer in zip(requests, answers, strict=True):
        assert answer.tolist() == (2 * array).tolist()
