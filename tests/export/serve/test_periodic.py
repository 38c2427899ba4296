import threading

import pytest

from export.serve.periodic import Periodic
from tests.export.serve.conftest import PATIENCE_SECONDS


class Counter:
    """Counts its calls and tells of the third; fails the first time if it is told."""

    def __init__(self, fails=False):
        self.calls = 0
        self.third = threading.Event()
        self._fails = fails

    def __call__(self):
        self.calls += 1
        if self._fails and self.calls == 1:
            raise ValueError("the first time")
        if self.calls == 3:
            self.third.set()


@pytest.mark.parametrize("fails", [False, True])
def test_it_calls_again_and_again_even_after_an_error(caplog, fails):
    counter = Counter(fails)
    periodic = Periodic(counter, 0.001, "counting")
    periodic.start()

    assert counter.third.wait(PATIENCE_SECONDS)
    periodic.stop()
    assert ("counting failed" in caplog.text) == fails


def test_after_stop_it_calls_no_more():
    counter = Counter()
    periodic = Periodic(counter, 0.001, "counting")
    periodic.start()
    assert counter.third.wait(PATIENCE_SECONDS)
    periodic.stop()
    calls = counter.calls

    assert not threading.Event().wait(0.02)
    assert counter.calls == calls


def test_a_long_interval_does_not_delay_stopping():
    periodic = Periodic(Counter(), 3600, "waiting")
    periodic.start()

    periodic.stop()
