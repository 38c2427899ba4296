"""Work spread over the processes of this machine."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from mmtf.errors import InputError


class Workers:
    """Processes for functions that compute, threads for whole rows of work.

    A thread reads a row's files and has a process work on their bytes, so that
    slow storage and slow decoding overlap. A file that kills its process costs
    only itself. Use it as a context manager.

    Args:
        num_processes: how many; by default one for each core there is.
    """

    def __init__(self, num_processes: int | None = None):
        self._num_processes = num_processes or available_cores()
        self._threads = ThreadPoolExecutor(4 * self._num_processes)
        self._lock = threading.Lock()
        self._processes = None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self._threads.shutdown(cancel_futures=True)
        if self._processes:
            self._processes.shutdown(cancel_futures=True)

    def map(
        self, function: Callable[[Any], Any], items: Iterable[Any]
    ) -> Iterator[Any]:
        """Yields `function(item)` in the order of the items.

        It runs in threads and looks only a few items ahead, so memory stays
        flat however many there are.
        """
        ahead = deque()
        for item in items:
            ahead.append(self._threads.submit(function, item))
            if len(ahead) >= 8 * self._num_processes:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls a function in a process and returns what it returns or raises.

        Raises:
            CrashError: it killed its process.
        """
        pool = self._pool()
        try:
            return pool.submit(function, *args).result()
        except BrokenProcessPool:
            # Any call under way may have been the one; a pool of its own tells.
            self._discard(pool)
            return _run_alone(function, *args)

    def _pool(self):
        with self._lock:
            if self._processes is None:
                pool = _start_pool(self._num_processes)
                _require_start(pool)
                self._processes = pool
            return self._processes

    def _discard(self, pool):
        with self._lock:
            if self._processes is pool:
                self._processes = None


class CrashError(RuntimeError):
    """The process that ran a function died of it."""


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _run_alone(function, *args):
    with _start_pool(1) as pool:
        try:
            return pool.submit(function, *args).result()
        except BrokenProcessPool as error:
            raise CrashError("A call killed the process it ran in.") from error


def _start_pool(num_processes):
    # Forking a process that runs TensorFlow's threads may hang it.
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(num_processes, spawn, initializer=_initialize)


def _initialize():
    # Ctrl-C is the main process's to handle; should that die, so must this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()
    # libmpg123 writes about damaged files to the terminal.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _follow_parent():
    multiprocessing.parent_process().join()
    os._exit(1)


def _require_start(pool):
    try:
        pool.submit(os.getpid).result()
    except BrokenProcessPool as error:
        raise InputError(
            "A script that builds data must be a file that can be imported without "
            "starting the build. Received: a __main__ module that worker processes "
            'could not import. Put the call under `if __name__ == "__main__":`.'
        ) from error
