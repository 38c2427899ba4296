"""One corpus: contenders that give the same rows, and take turns."""

import contextlib
import os
import tempfile
from collections.abc import Callable

import numpy as np

from benchmarks.input import contenders
from benchmarks.input.contenders import ORIGINALS, SHARDS
from benchmarks.input.settings import Settings
from benchmarks.input.tars import write_original_media, write_shard_media
from mmtf.config import Config

_COMPARED_ROWS = 8
# Mean differences that decoders and filters may make, of 255 and of 1. Rows that are
# not the same differ by several times that.
_IMAGE_TOLERANCE, _SOUND_TOLERANCE = 8.0, 0.02


class DifferentRowsError(Exception):
    """Contenders do not read the same rows, so that times would compare nothing."""


class Case:
    """Processes that have been compared; a context manager.

    Args:
        data: folder written by `mmtf build`.
        manifest: the CSV that it was made of; empty: only the shards' media are read.
        config: gives the sizes.
        settings: what is measured, and how often.

    Attributes:
        rates: rows per second of each turn, by contender; of libjpeg-turbo alone
            JPEGs.
        jpeg_share: JPEGs per row.
        versions: of WebDataset and PyTorch.

    Raises:
        DifferentRowsError: see there.
        RuntimeError: a process failed.
    """

    def __init__(self, data: str, manifest: str, config: Config, settings: Settings):
        self._settings = settings
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            tars = self._write_tars(data, manifest, folder)
            self._processes = self._open(stack.enter_context, data, config, tars)
            self._compare(folder)
            self._stack = stack.pop_all()
        self.rates = {contender: [] for contender in self._processes}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    def take_turns(self) -> None:
        """Each reads once; the next time the other way round."""
        for contender in self.rates:
            rate = self._processes[contender].ask(
                "measure", seconds=self._settings.turn_seconds
            )
            self.rates[contender].append(rate)
        self.rates = dict(reversed(self.rates.items()))

    def _write_tars(self, data, manifest, folder):
        split = self._settings.split
        tars = {SHARDS: write_shard_media(data, split, os.path.join(folder, "shards"))}
        if manifest:
            originals = os.path.join(folder, "originals")
            tars[ORIGINALS] = write_original_media(data, split, manifest, originals)
        return tars

    def _open(self, start: Callable, data, config, tars):
        pytorch = self._settings.pytorch
        processes = {contenders.MMTF: start(contenders.start_mmtf())}
        processes[contenders.MMTF].ask(
            "open",
            data=data,
            split=self._settings.split,
            config=config.to_json(),
            batch_size=self._settings.batch_size,
        )
        bare = start(contenders.start_bare(pytorch))
        num_rows, num_jpegs = bare.ask("open", paths=tars[SHARDS])
        self.jpeg_share = num_jpegs / num_rows
        if num_jpegs:
            processes[contenders.BARE] = bare
        for rival in contenders.rivals(list(tars)):
            processes[rival] = start(contenders.start_rival(rival, pytorch))
            self._open_rival(processes[rival], rival, tars, config.model)
        self.versions = processes[rival].ask("versions")
        return processes

    def _open_rival(self, process, rival, tars, model):
        process.ask(
            "open",
            paths=tars[rival.source],
            decoder=rival.decoder,
            num_workers=rival.num_workers,
            batch_size=self._settings.batch_size,
            size=model.image.size,
            num_samples=model.audio.num_samples,
            rate_hz=model.audio.sample_rate_hz,
        )

    def _compare(self, folder):
        expected = self._first_rows(contenders.MMTF, folder)
        for contender in self._processes:
            if isinstance(contender, contenders.Rival):
                require_same_rows(
                    expected, self._first_rows(contender, folder), contender.title
                )

    def _first_rows(self, contender, folder):
        path = os.path.join(folder, "rows.npz")
        self._processes[contender].ask("save_rows", path=path, num_rows=_COMPARED_ROWS)
        with np.load(path) as rows:
            return dict(rows)


def require_same_rows(expected: dict, rows: dict, name: str) -> None:
    """Compares images (B, S, S, 3) and waveforms (B, T) with mmtf's.

    Raises:
        DifferentRowsError: they differ by more than decoders do.
    """
    tolerances = {"image": _IMAGE_TOLERANCE, "waveform": _SOUND_TOLERANCE}
    for key, tolerance in tolerances.items():
        same_shape = rows[key].shape == expected[key].shape
        mean = np.abs(rows[key] - expected[key]).mean() if same_shape else np.inf
        if not mean <= tolerance:
            raise DifferentRowsError(
                f"Everyone's `{key}` must be the same within {tolerance}. Received: a "
                f"mean difference of {mean:.3g} between mmtf and {name}."
            )
