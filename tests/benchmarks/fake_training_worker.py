"""A contender without a framework: `python -m tests.benchmarks.fake_training_worker`.

Its first argument is what it adds to its outputs.
"""

import sys
import time

import numpy as np

from benchmarks.training.subject import Subject
from benchmarks.training.worker import main


class FakeSubject(Subject):
    """Sums token ids; refuses to be compiled for training."""

    def __init__(self, offset: float):
        self._offset, self._scale = offset, 0.0

    def versions(self):
        return {"fake": "1.0"}

    def save_weights(self, *, path):
        np.savez(path, scale=np.float32(1e-6))

    def load_weights(self, *, path):
        self._scale = float(np.load(path)["scale"])

    def _build_model(self, num_outputs):
        if self._compiled and self._mode == "train":
            return False
        self._scale = 1e-6
        self._num_outputs = num_outputs
        return True

    def _tensors(self, batch):
        return batch

    def _forward_pass(self, batch):
        time.sleep(0.001)
        sums = self._scale * batch["token_ids"].sum(axis=1, keepdims=True)
        return self._offset + np.repeat(sums, self._num_outputs, axis=1)

    def _training_step(self):
        time.sleep(0.002)
        return 0.5


if __name__ == "__main__":
    main(FakeSubject(float(sys.argv[1])))
