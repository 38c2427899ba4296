"""The parent's side of a contender: a process that does as it is asked."""

import json
import subprocess
import tempfile

_TAIL_CHARACTERS = 2000
_STOP_SECONDS = 30.0


class WorkerProcess:
    """A process that runs `benchmarks.training.worker`; a context manager.

    Args:
        name: for error messages.
        command: what to run; it inherits the working directory.
        environment: its variables; None: this process's own.

    Raises:
        OSError: there is no such program.
    """

    def __init__(self, name: str, command: list[str], environment: dict | None = None):
        self.name = name
        self._errors = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def ask(self, method: str, **arguments) -> object:
        """Has the subject's method run, and waits for its result.

        Raises:
            RuntimeError: it failed, or the process ended.
        """
        self.send(method, **arguments)
        return self.receive()

    def send(self, method: str, **arguments) -> None:
        """Has the subject's method run; `receive` waits for it."""
        try:
            print(
                json.dumps({"do": method, **arguments}),
                file=self._process.stdin,
                flush=True,
            )
        except BrokenPipeError:
            raise self._failure("the process ended") from None

    def receive(self) -> object:
        """The result of what was sent.

        Raises:
            RuntimeError: it failed, or the process ended.
        """
        line = self._process.stdout.readline()
        if not line:
            raise self._failure("the process ended")
        answer = json.loads(line)
        if "error" in answer:
            raise self._failure(answer["error"])
        return answer["ok"]

    def stop(self) -> None:
        """Lets it end, or ends it."""
        try:
            self._process.communicate(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._errors.close()

    def _failure(self, reason):
        self._errors.seek(0)
        said = self._errors.read()[-_TAIL_CHARACTERS:]
        return RuntimeError(f"{self.name}: {reason}\n{said}")
