"""`mmtf serve` as a process of its own, on ports that it picks."""

import collections
import re
import subprocess
import sys
import threading

import psutil

# The base preset's server was not available after two minutes.
START_SECONDS = 900.0
_STOP_SECONDS = 30.0
_LISTENING = re.compile(r"gRPC on port (\d+), REST on port (\d+)")


class ServerProcess:
    """A running server, until `stop`; also a context manager.

    Args:
        model_folder: MODELS/NAME.
        flags: further ones, as on the command line.

    Attributes:
        port: of gRPC.
        rest_port: of REST.

    Raises:
        RuntimeError: it did not start; the message is what it printed.
    """

    def __init__(self, model_folder: str, *flags: str):
        command = [sys.executable, "-m", "mmtf", "serve", model_folder]
        self._process = subprocess.Popen(
            [*command, "--port", "0", "--rest_api_port", "0", *flags],
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines = collections.deque(maxlen=50)
        self._ports = None
        self._settled = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._settled.wait(START_SECONDS) or self._ports is None:
            self._process.kill()
            self._process.wait()
            raise RuntimeError(f"The server did not start. It said: {self.output()}")
        self.port, self.rest_port = self._ports

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def is_running(self) -> bool:
        """Whether it has neither crashed nor ended."""
        return self._process.poll() is None

    def memory_bytes(self) -> int:
        """What it holds of the machine's memory (resident set size)."""
        return psutil.Process(self._process.pid).memory_info().rss

    def output(self) -> str:
        """The last lines that it printed."""
        return "".join(self._lines)

    def stop(self) -> int:
        """Asks it to end, as Ctrl-C does, and waits.

        Returns:
            Its exit status; negative if it had to be killed or crashed.
        """
        if self.is_running():
            self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._process.stderr.close()
        return self._process.returncode

    def _read(self):
        for line in self._process.stderr:
            self._lines.append(line)
            if found := _LISTENING.search(line):
                self._ports = tuple(map(int, found.groups()))
                self._settled.set()
        self._settled.set()
