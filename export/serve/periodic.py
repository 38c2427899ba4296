"""Calling a function again and again, on a thread of its own."""

import logging
import threading
from collections.abc import Callable

_logger = logging.getLogger(__name__)


class Periodic:
    """Calls a function at intervals until it is stopped.

    Args:
        function: what to call; what it raises is logged, and ends nothing.
        interval_seconds: from the end of one call to the start of the next.
        name: the thread's name.
    """

    def __init__(
        self, function: Callable[[], object], interval_seconds: float, name: str
    ):
        self._function = function
        self._interval_seconds = interval_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Starts; the first call comes after one interval."""
        self._thread.start()

    def stop(self) -> None:
        """Returns when no call is under way, and none will be again."""
        self._stopped.set()
        self._thread.join()

    def _run(self):
        while not self._stopped.wait(self._interval_seconds):
            try:
                self._function()
            except Exception:
                _logger.exception("%s failed", self._thread.name)
