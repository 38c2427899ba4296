"""mmtf's process: `python -m benchmarks.input.mmtf_worker`."""

import itertools
import time

import numpy as np

from benchmarks.training.worker import main
from mmtf.cli.console import start_tensorflow

_WARM_BATCHES = 4


class MmtfSubject:
    """Shards to batches."""

    def open(self, *, data, split, config, batch_size):
        """Says what `measure` will read; `config` is a `Config` as JSON."""
        start_tensorflow()
        import pipelines
        from mmtf.config import Config

        config = Config.from_json(config)
        self._batches = pipelines.eval_dataset(
            data,
            config,
            pipelines.make_tokenizer(data, config),
            split=split,
            batch_size=batch_size,
        )

    def save_rows(self, *, path, num_rows):
        """Writes images and waveforms of the first rows, for a comparison."""
        rows = self._batches.unbatch().take(num_rows)
        images, waveforms = zip(
            *((row["image"], row["waveform"]) for row, _ in rows), strict=True
        )
        np.savez(path, image=np.stack(images), waveform=np.stack(waveforms))

    def measure(self, *, seconds):
        """Reads for so long after a warm-up; rows per second."""
        batches = iter(self._batches.repeat())
        for _ in itertools.islice(batches, _WARM_BATCHES):
            pass
        num_rows, start = 0, time.perf_counter()
        while (passed := time.perf_counter() - start) < seconds or not num_rows:
            num_rows += len(next(batches)[1])
        return num_rows / passed


if __name__ == "__main__":
    main(MmtfSubject())
