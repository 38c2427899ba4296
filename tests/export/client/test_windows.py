import asyncio
import threading
import time

import pytest

from export.client.windows import in_chunks, in_order, in_order_async


def collect_async(function, chunks, window):
    async def run():
        async def coroutine(chunk):
            return await asyncio.to_thread(function, chunk)

        return [result async for result in in_order_async(coroutine, chunks, window)]

    return asyncio.run(run())


def collect(function, chunks, window):
    return list(in_order(function, chunks, window))


both = pytest.mark.parametrize("run", [collect, collect_async])


def test_chunks_hold_everything_in_order():
    assert list(in_chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(in_chunks([], 2)) == []


@both
def test_results_come_in_order_and_no_more_than_the_window_runs(run):
    running, most, lock = 0, 0, threading.Lock()

    def slower_at_first(number):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.002 * (20 - number))
        with lock:
            running -= 1
        return number

    assert run(slower_at_first, range(20), 3) == list(range(20))
    assert 1 < most <= 3


@both
def test_the_first_error_ends_it(run):
    started = []

    def fail_at_two(number):
        started.append(number)
        if number == 2:
            raise ValueError("two")

    with pytest.raises(ValueError, match="two"):
        run(fail_at_two, range(100), 2)
    assert len(started) < 10


def test_whoever_stops_early_starts_no_more():
    started = []
    results = in_order(started.append, range(100), 2)
    next(results)
    results.close()

    assert len(started) <= 4
