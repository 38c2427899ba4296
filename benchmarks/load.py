"""Load on a target: by clients that wait for answers, or at a rate that does not."""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

_NUM_SENDERS = 32
_WARM_UP_CALLS = 3


@dataclass
class Measurement:
    """How a target answered.

    Attributes:
        seconds: the time of each answer, from when it was due to be asked.
        span_seconds: from the first request to the last answer.
        num_missed: requests that were due but could not even be sent in time.
    """

    seconds: list[float] = field(default_factory=list)
    span_seconds: float = 0.0
    num_missed: int = 0

    def __iadd__(self, other: "Measurement") -> "Measurement":
        self.seconds += other.seconds
        self.span_seconds += other.span_seconds
        self.num_missed += other.num_missed
        return self

    def percentile_ms(self, percent: float) -> float:
        """The time within which so many percent were answered."""
        return 1e3 * float(np.percentile(self.seconds, percent))

    @property
    def requests_per_second(self) -> float:
        """Answers over time."""
        return len(self.seconds) / self.span_seconds


def closed_loop(
    connect: Callable[[], Callable], *, num_clients: int, seconds: float
) -> Measurement:
    """Clients that ask again as soon as they have their answer.

    Args:
        connect: gives a client its function to ask with.
        num_clients: how many ask at a time.
        seconds: how long they go on.
    """
    ready = threading.Barrier(num_clients + 1)
    stop = threading.Event()

    def run_client(measured):
        ask = connect()
        for _ in range(_WARM_UP_CALLS):
            ask()
        ready.wait()
        while not stop.is_set():
            start = time.perf_counter()
            ask()
            measured.append(time.perf_counter() - start)

    with _Crew(num_clients, run_client, give_up=ready.abort) as crew:
        ready.wait()
        start = time.perf_counter()
        time.sleep(seconds)
        stop.set()
    return crew.measurement(start)


def open_loop(
    connect: Callable[[], Callable], *, per_second: float, seconds: float, seed: int = 0
) -> Measurement:
    """Requests at random times, whether the last ones have been answered or not.

    The time that a request waits to be sent counts, as it would for a user.

    Args:
        connect: gives a sender its function to ask with.
        per_second: how many requests on average.
        seconds: how long they go on; what is not answered in twice that is missed.
        seed: of the times between requests.
    """
    gaps = np.random.default_rng(seed).exponential(
        1 / per_second, max(1, round(per_second * seconds))
    )
    ready = threading.Barrier(_NUM_SENDERS + 1)
    due = queue.SimpleQueue()
    missed = []

    def run_sender(measured):
        ask = connect()
        ask()
        ready.wait()
        while (moment := due.get()) is not None:
            if time.perf_counter() > end:
                missed.append(moment)
                continue
            ask()
            measured.append(time.perf_counter() - moment)

    with _Crew(_NUM_SENDERS, run_sender, give_up=ready.abort) as crew:
        ready.wait()
        start = time.perf_counter()
        end = start + 2 * seconds
        for moment in start + np.cumsum(gaps):
            time.sleep(max(0.0, moment - time.perf_counter()))
            due.put(float(moment))
        for _ in range(_NUM_SENDERS):
            due.put(None)
    measurement = crew.measurement(start)
    measurement.num_missed = len(missed)
    return measurement


class _Crew:
    """Threads that each measure into a list; an error in one is the crew's."""

    def __init__(self, size, run, give_up):
        self._measured = [[] for _ in range(size)]
        self._errors = []
        self._run, self._give_up = run, give_up
        self._threads = [
            threading.Thread(target=self._work, args=(measured,), daemon=True)
            for measured in self._measured
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind, error, traceback):
        for thread in self._threads:
            thread.join()
        if self._errors:
            raise self._errors[0]

    def measurement(self, start):
        span_seconds = time.perf_counter() - start
        return Measurement(sum(self._measured, []), span_seconds)

    def _work(self, measured):
        try:
            self._run(measured)
        except Exception as error:
            self._errors.append(error)
            self._give_up()
