"""A reader without any framework: `python -m tests.benchmarks.fake_input_worker`.

Its arguments are its rate, and what it adds to its images.
"""

import sys

import numpy as np

from benchmarks.training.worker import main


class FakeSubject:
    """Says that it reads so many rows per second."""

    def __init__(self, rate: float, offset: float):
        self._rate, self._offset = rate, offset

    def open(self, *, paths=(), **_):
        return [4, 2]

    def versions(self):
        return {"webdataset": "1.0", "torch": "2.0"}

    def save_rows(self, *, path, num_rows):
        images = np.full((num_rows, 2, 2, 3), self._offset, np.float32)
        np.savez(path, image=images, waveform=np.zeros((num_rows, 4), np.float32))

    def measure(self, *, seconds):
        return self._rate


if __name__ == "__main__":
    main(FakeSubject(*map(float, sys.argv[1:])))
