"""One part in one mode: contenders that agree, warm, and take turns."""

import contextlib
import dataclasses
import os
import statistics
import tempfile

import numpy as np

from benchmarks.training.agreement import require_agreement
from benchmarks.training.contenders import MMTF, TWIN, Contender, start
from benchmarks.training.records import Measured
from benchmarks.training.settings import Settings, base_config

# Rows, at least, whose outputs are compared before anything is timed.
_NUM_COMPARED_ROWS = 8
_NUM_MEMORY_STEPS = 1


class Case:
    """Processes with the same weights that have been compared; a context manager.

    Args:
        part: `text`, `image`, `audio` or `whole`.
        mode: `train` or `forward`.
        contenders: of both sides.
        settings: sizes, and how long a turn is.

    Attributes:
        versions: of the libraries.

    Raises:
        DisagreementError: they do not compute the same function.
        RuntimeError: a process failed.
    """

    def __init__(
        self, part: str, mode: str, contenders: list[Contender], settings: Settings
    ):
        self._part, self._mode, self._settings = part, mode, settings
        self._batch_size = settings.batch_size(part)
        self.versions = {}
        with contextlib.ExitStack() as stack:
            self._processes = {
                contender: stack.enter_context(start(contender, settings.pytorch))
                for contender in contenders
            }
            self._build()
            self._difference = self._compare()
            self._prepare()
            self._stack = stack.pop_all()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    def take_turns(self) -> None:
        """Steps of each; the next time the other way round."""
        for contender, seconds in self._seconds.items():
            usual = statistics.median(self._warm[contender]["seconds"])
            count = max(1, int(self._settings.turn_seconds / usual))
            seconds += self._processes[contender].ask("steps", count=count)["seconds"]
        self._seconds = dict(reversed(self._seconds.items()))

    def measured(self) -> list[Measured]:
        """What is known by now, of each contender."""
        return [self._measured(contender) for contender in self._processes]

    def _measured(self, contender):
        place = (self._part, self._mode, self._batch_size, contender.name)
        if contender not in self._seconds:
            return Measured(*place)
        warm = self._warm[contender]
        return Measured(
            *place,
            seconds=tuple(self._seconds[contender]),
            first_step_seconds=warm["first_step_seconds"],
            peak_bytes=warm["peak_bytes"],
            difference=self._difference,
        )

    def _build(self):
        """Builds at the same time: nothing is measured yet."""
        request = {
            "part": self._part,
            "mode": self._mode,
            "config": dataclasses.asdict(base_config(self._settings.audio_seconds)),
            "batch_size": self._batch_size,
        }
        for contender, process in self._processes.items():
            process.send(
                "build",
                compiled=contender.compiled,
                rematerialize=contender.rematerialize,
                **request,
            )
        # Who refuses to be built so takes no turns.
        self._active = [
            contender
            for contender, process in self._processes.items()
            if process.receive()
        ]
        for process in self._processes.values():
            self.versions |= process.ask("versions")

    def _compare(self):
        num_batches = -(-_NUM_COMPARED_ROWS // self._batch_size)
        outputs = {}
        with tempfile.TemporaryDirectory() as folder:
            self._carry_weights(os.path.join(folder, "weights.npz"))
            path = os.path.join(folder, "outputs.npy")
            for contender in self._active:
                process = self._processes[contender]
                process.ask("outputs", path=path, num_batches=num_batches)
                outputs[contender.title] = np.load(path)
        return require_agreement(outputs)

    def _carry_weights(self, path):
        source = next(c for c in self._active if c.side == MMTF)
        self._processes[source].ask("save_weights", path=path)
        for contender in self._active:
            if contender.side == TWIN:
                self._processes[contender].ask("load_weights", path=path)

    def _prepare(self):
        self._warm = {
            contender: self._processes[contender].ask(
                "prepare", num_steps=_NUM_MEMORY_STEPS
            )
            for contender in self._active
        }
        self._seconds = {contender: [] for contender in self._active}
