"""A process that puts load on one target, so that it takes no time from others."""

import functools
import multiprocessing

from benchmarks.load import Measurement, closed_loop, open_loop
from benchmarks.targets import Target, connect

_LOOPS = {"closed": closed_loop, "open": open_loop}


class LoadProcess:
    """Puts load on a target when it is told to; a context manager.

    Args:
        target: what is asked.
    """

    def __init__(self, target: Target):
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_work, args=(theirs, target), daemon=True
        )
        self._process.start()
        theirs.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._pipe.close()
        self._process.join()

    def measure(self, loop: str, **options) -> Measurement:
        """Runs a loop of `benchmarks.load`.

        Args:
            loop: `closed` or `open`.
            options: the loop's.

        Raises:
            RuntimeError: the target did not answer, or answered with an error.
        """
        self._pipe.send((loop, options))
        result = self._pipe.recv()
        if isinstance(result, str):
            raise RuntimeError(result)
        return result


def _work(pipe, target):
    connect_to_it = functools.partial(connect, target)
    while True:
        try:
            loop, options = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(_LOOPS[loop](connect_to_it, **options))
        except Exception as error:
            pipe.send(f"{target.kind}: {type(error).__name__}: {error}")
