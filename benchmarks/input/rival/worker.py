"""WebDataset's process: `python -m benchmarks.input.rival.worker`."""

import time
from functools import partial

import numpy as np
import torch
import webdataset

from benchmarks.input.rival.media import (
    decode_sound,
    decode_with_pillow,
    decode_with_simplejpeg,
)
from benchmarks.training.worker import main

_DECODERS = {"pillow": decode_with_pillow, "simplejpeg": decode_with_simplejpeg}
_WARM_BATCHES = 4


class WebDatasetSubject:
    """Tars to batches."""

    def open(
        self, *, paths, decoder, num_workers, batch_size, size, num_samples, rate_hz
    ):
        """Says what `measure` will read.

        Args:
            paths: of tars.
            decoder: `pillow` or `simplejpeg`.
            num_workers: processes; 0: in this one.
            batch_size: rows in a batch.
            size: of an image, in pixels a side.
            num_samples: of a waveform.
            rate_hz: of a waveform.
        """
        self._paths, self._num_workers = paths, num_workers
        self._batch_size = batch_size
        self._row = partial(
            _decode_row,
            decode_image=_DECODERS[decoder],
            size=size,
            num_samples=num_samples,
            rate_hz=rate_hz,
        )

    def versions(self):
        """Of the libraries."""
        return {"webdataset": webdataset.__version__, "torch": torch.__version__}

    def save_rows(self, *, path, num_rows):
        """Writes images and waveforms of the first rows, for a comparison."""
        rows = list(self._dataset().slice(num_rows))
        images, waveforms = np.stack([r[1] for r in rows]), [r[2] for r in rows]
        np.savez(path, image=images.astype(np.float32), waveform=np.stack(waveforms))

    def measure(self, *, seconds):
        """Reads for so long after a warm-up; rows per second."""
        batches = iter(self._loader())
        for _ in range(_WARM_BATCHES):
            next(batches)
        num_rows, start = 0, time.perf_counter()
        while (passed := time.perf_counter() - start) < seconds or not num_rows:
            texts, images, *_ = next(batches)
            # What the model takes is float; workers hand over a quarter of that.
            images.to(torch.float32)
            num_rows += len(texts)
        return num_rows / passed

    def _dataset(self):
        dataset = webdataset.WebDataset(
            self._paths,
            shardshuffle=False,
            empty_check=False,
            workersplitter=webdataset.split_by_worker,
        )
        return dataset.to_tuple("txt", "img", "snd", "cls").map(self._row)

    def _loader(self):
        batched = (
            self._dataset().repeat().batched(self._batch_size, collation_fn=_collate)
        )
        return webdataset.WebLoader(
            batched, batch_size=None, num_workers=self._num_workers
        )


def _decode_row(row, *, decode_image, size, num_samples, rate_hz):
    text, image, sound, label = row
    waveform, length = decode_sound(sound, num_samples, rate_hz)
    pixels = decode_image(image, size)
    presence = [bool(text), bool(image), bool(sound)]
    return text.decode(), pixels, waveform, length, presence, float(label)


def _collate(rows):
    texts, images, waveforms, *numbers = zip(*rows, strict=True)
    arrays = [torch.from_numpy(np.stack(part)) for part in (images, waveforms)]
    return [list(texts), *arrays, *map(torch.tensor, numbers)]


if __name__ == "__main__":
    # Several processes share the cores.
    torch.set_num_threads(1)
    main(WebDatasetSubject())
