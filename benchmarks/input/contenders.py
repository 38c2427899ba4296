"""Those that take turns."""

import os
import sys
from dataclasses import dataclass

from benchmarks.training.worker_process import WorkerProcess

MMTF, BARE = "mmtf", "libjpeg-turbo alone"
SHARDS, ORIGINALS = "the shards' media", "the original media"


@dataclass(frozen=True)
class Rival:
    """A way to read with WebDataset.

    Attributes:
        decoder: `pillow`, or `simplejpeg` with PyTorch's resizing.
        num_workers: processes beside its own.
        source: `SHARDS` or `ORIGINALS`.
    """

    decoder: str
    num_workers: int
    source: str

    @property
    def title(self) -> str:
        """In the table."""
        workers = f"{self.num_workers} workers" if self.num_workers else "no worker"
        return f"WebDataset, {self.decoder}, {workers}"


def rivals(sources: list[str]) -> list[Rival]:
    """Each decoder without and with workers, on each of the sources."""
    return [
        Rival(decoder, num_workers, source)
        for source in sources
        for decoder in ("pillow", "simplejpeg")
        for num_workers in (0, os.cpu_count() or 1)
    ]


def start_mmtf() -> WorkerProcess:
    """mmtf's process."""
    return WorkerProcess(MMTF, [sys.executable, "-m", "benchmarks.input.mmtf_worker"])


def start_rival(rival: Rival, pytorch: str) -> WorkerProcess:
    """WebDataset's, under the Python of its environment."""
    command = [pytorch, "-m", "benchmarks.input.rival.worker"]
    return WorkerProcess(rival.title, command)


def start_bare(pytorch: str) -> WorkerProcess:
    """libjpeg-turbo's."""
    return WorkerProcess(BARE, [pytorch, "-m", "benchmarks.input.rival.bare"])
