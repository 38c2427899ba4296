"""What both contenders' processes do alike; what differs, they say themselves.

Legend: B batch, C outputs.
"""

import abc
import time

import numpy as np

from benchmarks.training import memory
from benchmarks.training.inputs import random_batch, random_labels

_TIMED_SEED = 1000


class Subject(abc.ABC):
    """A model that takes steps. Methods without an underscore answer requests."""

    @abc.abstractmethod
    def versions(self) -> dict[str, str]:
        """Versions of the libraries that matter."""

    def build(
        self,
        *,
        part: str,
        mode: str,
        config: dict,
        batch_size: int,
        compiled: bool,
        rematerialize: bool,
    ) -> bool:
        """Makes the model and a batch.

        Args:
            part: `text`, `image`, `audio` or `whole`.
            mode: `train` or `forward`.
            config: a `mmtf.config.Config` as a dict.
            batch_size: B.
            compiled: with XLA, or with torch.compile.
            rematerialize: the audio encoder keeps less, and computes again.

        Returns:
            Whether it is built: a model may refuse to be compiled for this mode, or
            have nothing to compute again.
        """
        self._part, self._mode, self._config = part, mode, config
        self._batch_size, self._compiled = batch_size, compiled
        self._rematerialize = rematerialize
        num_outputs = len(config["labels"]["class_names"])
        if not self._build_model(num_outputs):
            return False
        self._batch = self._tensors(self._random_batch(_TIMED_SEED))
        self._labels = self._tensors(
            {"": random_labels(batch_size, num_outputs, _TIMED_SEED)}
        )[""]
        self._first_seconds = None
        self._baseline_bytes = memory.resident_bytes()
        return True

    def outputs(self, *, path: str, num_batches: int) -> None:
        """Writes the logits (batches * B, C) of ragged batches as .npy.

        They come from the very function that is timed; in `train` mode, from a plain
        forward pass.
        """
        logits = []
        for seed in range(num_batches):
            batch = self._tensors(self._random_batch(seed, ragged=True))
            start = time.perf_counter()
            logits.append(self._forward_pass(batch))
            if self._mode == "forward" and self._first_seconds is None:
                self._first_seconds = time.perf_counter() - start
        np.save(path, np.concatenate(logits))

    def prepare(self, *, num_steps: int) -> dict:
        """Warms up, then looks at what further steps hold of the memory.

        Returns:
            `first_step_seconds`, compilation included, and the first `losses`; of the
            further steps `seconds`, and `peak_bytes`: the largest resident set, less
            that of the model just built.
        """
        warm = self.steps(count=2)
        memory.forget_peak()
        seconds = self.steps(count=num_steps)["seconds"]
        return {
            "first_step_seconds": self._first_seconds or warm["seconds"][0],
            "losses": warm["losses"],
            "seconds": seconds,
            "peak_bytes": memory.peak_bytes() - self._baseline_bytes,
        }

    def steps(self, *, count: int) -> dict:
        """Takes steps of the mode.

        Returns:
            `seconds` of each, and the `losses` (training only).
        """
        seconds, losses = [], []
        for _ in range(count):
            start = time.perf_counter()
            loss = self._step()
            seconds.append(time.perf_counter() - start)
            losses.append(loss)
        return {"seconds": seconds, "losses": losses if self._mode == "train" else []}

    def _step(self):
        if self._mode == "train":
            return self._training_step()
        self._forward_pass(self._batch)
        return None

    def _random_batch(self, seed, ragged=False):
        model = self._config["model"]
        return random_batch(self._part, model, self._batch_size, seed, ragged=ragged)

    @abc.abstractmethod
    def _build_model(self, num_outputs):
        """Makes the model and its functions; False where it refuses."""

    @abc.abstractmethod
    def _tensors(self, batch):
        """NumPy arrays as the framework's tensors."""

    @abc.abstractmethod
    def _forward_pass(self, batch):
        """Logits of a batch as an array (B, C)."""

    @abc.abstractmethod
    def _training_step(self):
        """Forward, backward and update on the batch; the loss."""
