import threading
import time

import pytest

from benchmarks.load import Measurement, closed_loop, open_loop


class Desk:
    """Answers, and remembers how many asked and how many at a time."""

    def __init__(self, seconds=0.0, error=None):
        self.num_asked = self.num_connected = self.num_waiting = self.most_waiting = 0
        self._seconds, self._error = seconds, error
        self._lock = threading.Lock()

    def connect(self):
        with self._lock:
            self.num_connected += 1
        return self.ask

    def ask(self):
        with self._lock:
            self.num_asked += 1
            self.num_waiting += 1
            self.most_waiting = max(self.most_waiting, self.num_waiting)
        if self._error:
            raise self._error
        time.sleep(self._seconds)
        with self._lock:
            self.num_waiting -= 1


def test_clients_wait_for_their_answers():
    desk = Desk(0.01)

    measured = closed_loop(desk.connect, num_clients=3, seconds=0.2)

    warm_up = 3 * 3
    assert desk.num_connected == 3
    assert len(measured.seconds) == desk.num_asked - warm_up > 0
    assert desk.most_waiting <= 3
    assert min(measured.seconds) >= 0.01


def test_requests_at_a_rate_do_not_wait():
    desk = Desk(0.1)

    measured = open_loop(desk.connect, per_second=100, seconds=0.3)

    assert len(measured.seconds) + measured.num_missed == 30
    assert desk.most_waiting > 1


def test_what_cannot_be_sent_in_time_is_missed():
    measured = open_loop(Desk(0.5).connect, per_second=1000, seconds=0.2)

    assert measured.num_missed > 0
    assert len(measured.seconds) + measured.num_missed == 200


@pytest.mark.parametrize(
    ("loop", "options"),
    [(closed_loop, {"num_clients": 2}), (open_loop, {"per_second": 50})],
)
def test_an_error_ends_the_measurement(loop, options):
    desk = Desk(error=ZeroDivisionError("so it is"))

    with pytest.raises(ZeroDivisionError, match="so it is"):
        loop(desk.connect, seconds=0.1, **options)


def test_measurements_add_up():
    total = Measurement([0.1, 0.3], 1.0)
    total += Measurement([0.2], 2.0, 1)

    assert total.percentile_ms(50) == pytest.approx(200)
    assert total.requests_per_second == 1.0
    assert total.num_missed == 1
