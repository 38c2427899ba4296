"""Many tasks, a few at a time, their results in the order of the tasks."""

import asyncio
from collections import deque
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any


def in_chunks(items: Iterable, size: int) -> Iterator[list]:
    """Lists of `size` items, the last one perhaps shorter."""
    items = iter(items)
    while chunk := list(islice(items, size)):
        yield chunk


def in_order(
    function: Callable[[Sequence], Any], chunks: Iterable[Sequence], window: int
) -> Iterator[Any]:
    """Results of a function, of which at most `window` run or wait to be taken."""
    pool, waiting = ThreadPoolExecutor(window, "mmtf-client"), deque()
    try:
        for chunk in chunks:
            if len(waiting) == window:
                yield waiting.popleft().result()
            waiting.append(pool.submit(function, chunk))
        while waiting:
            yield waiting.popleft().result()
    finally:
        # Calls under way end when the channel closes; waiting for them here would
        # delay the error, or the user's Ctrl-C.
        pool.shutdown(wait=False, cancel_futures=True)


async def in_order_async(
    function: Callable[[Sequence], Awaitable[Any]],
    chunks: Iterable[Sequence],
    window: int,
) -> AsyncIterator[Any]:
    """Likewise for a coroutine function, on the running loop."""
    waiting = deque()
    try:
        for chunk in chunks:
            if len(waiting) == window:
                yield await waiting.popleft()
            waiting.append(asyncio.ensure_future(function(chunk)))
        while waiting:
            yield await waiting.popleft()
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
