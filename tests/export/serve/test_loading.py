import threading
from types import SimpleNamespace

import pytest

from export.runtime import Code, StatusError
from export.serve.loading import (
    as_status,
    close_servable,
    give_memory_back,
    load_with_retries,
)
from export.serve.servable import Servable
from mmtf.errors import InputError
from tests.export.serve.conftest import FakeSession


class Failing:
    """Fails as often as it is told, and then gives "a servable"."""

    def __init__(self, times, then=None):
        self.times = times
        self.then = then
        self.calls = 0

    def __call__(self):
        self.calls += 1
        if self.calls > self.times:
            return "a servable"
        if self.then:
            self.then()
        raise StatusError(Code.INTERNAL, f"failure {self.calls}")


def try_loading(load, *, cancelled=None, max_num_retries=5, interval_seconds=0.0):
    return load_with_retries(
        load,
        what="m 1",
        cancelled=cancelled or threading.Event(),
        max_num_retries=max_num_retries,
        interval_seconds=interval_seconds,
    )


def test_a_load_that_succeeds_is_not_repeated():
    load = Failing(0)

    assert (try_loading(load), load.calls) == ("a servable", 1)


def test_a_load_that_fails_is_repeated(caplog):
    assert try_loading(Failing(5)) == "a servable"
    assert "Servable m 1 cannot be loaded: INTERNAL: failure 5" in caplog.text


@pytest.mark.parametrize("retries", [0, 5])
def test_point_24_it_is_given_up_after_one_try_and_the_retries(retries):
    load = Failing(99)

    with pytest.raises(StatusError, match=f"failure {retries + 1}"):
        try_loading(load, max_num_retries=retries, interval_seconds=-1)

    assert load.calls == retries + 1


def test_waiting_for_the_next_try_can_be_cancelled():
    cancelled = threading.Event()
    load = Failing(99, then=cancelled.set)

    with pytest.raises(StatusError, match="failure 1"):
        try_loading(load, cancelled=cancelled, interval_seconds=3600)


def test_a_load_cancelled_before_it_starts_does_not_start():
    cancelled = threading.Event()
    cancelled.set()
    load = Failing(0)

    with pytest.raises(StatusError, match="^CANCELLED: Load cancelled before"):
        try_loading(load, cancelled=cancelled)

    assert load.calls == 0


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (StatusError(Code.DATA_LOSS, "cut"), Code.DATA_LOSS, "cut"),
        (InputError("no model"), Code.NOT_FOUND, "no model"),
        (ValueError("odd"), Code.UNKNOWN, "ValueError: odd"),
    ],
)
def test_any_error_becomes_a_status(error, code, message):
    status = as_status(error)

    assert (status.code, status.message) == (code, message)


def test_a_servable_that_does_not_close_is_logged(caplog):
    class Stuck(FakeSession):
        def close(self):
            raise RuntimeError("will not")

    close_servable(Servable("m", 1, Stuck()))

    assert "m 1 did not close" in caplog.text and "will not" in caplog.text


def test_memory_is_given_back_where_the_c_library_can(monkeypatch):
    calls = []
    trimming = SimpleNamespace(malloc_trim=calls.append)
    for library in (trimming, SimpleNamespace()):
        monkeypatch.setattr("ctypes.CDLL", lambda _, library=library: library)
        give_memory_back()

    assert calls == [0]
