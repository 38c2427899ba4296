"""Those that take turns."""

import os
import sys
from dataclasses import dataclass

from benchmarks.training.worker_process import WorkerProcess

MMTF, TWIN = "mmtf", "pytorch"

# What PyTorch gains from as TensorFlow does from its pool: freed memory is kept.
_C_LIBRARY_POOL = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(2**31 - 1),
}
# What `mmtf train` sets: TensorFlow's own pool.
_TENSORFLOW_POOL = {"TF_CPU_ALLOCATOR_USE_BFC": "1"}


@dataclass(frozen=True)
class Contender:
    """A way to run the model.

    Attributes:
        name: on the command line and in JSON.
        title: in the table.
        side: `MMTF` or `TWIN`.
        compiled: by XLA, or by torch.compile.
        rematerialize: the audio encoder keeps less, and computes again.
    """

    name: str
    title: str
    side: str
    compiled: bool
    rematerialize: bool = False


CONTENDERS = {
    contender.name: contender
    for contender in (
        Contender("mmtf", "mmtf", MMTF, False),
        Contender("mmtf-xla", "mmtf, XLA", MMTF, True),
        Contender("mmtf-remat", "mmtf, rematerialised", MMTF, False, True),
        Contender("pytorch", "PyTorch", TWIN, False),
        Contender("pytorch-compiled", "PyTorch, compiled", TWIN, True),
    )
}


def start(contender: Contender, pytorch: str) -> WorkerProcess:
    """Its process.

    Args:
        contender: which.
        pytorch: the Python of its environment.
    """
    if contender.side == MMTF:
        command = [sys.executable, "-m", "benchmarks.training.mmtf_worker"]
        return WorkerProcess(contender.title, command, os.environ | _TENSORFLOW_POOL)
    command = [pytorch, "-m", "benchmarks.training.twin.worker"]
    return WorkerProcess(contender.title, command, os.environ | _C_LIBRARY_POOL)
