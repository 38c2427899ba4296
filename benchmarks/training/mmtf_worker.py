"""mmtf's process: `python -m benchmarks.training.mmtf_worker`."""

import json
import warnings

import keras
import keras_hub
import numpy as np
import tensorflow as tf

from benchmarks.training.inputs import random_batch
from benchmarks.training.mmtf_model import build, scatter, served
from benchmarks.training.mmtf_weights import twin_weights
from benchmarks.training.subject import Subject
from benchmarks.training.worker import main
from mmtf.config import Config
from mmtf.memory import keep_freed_memory

_WEIGHTS_SEED = 1
# That batch normalisation takes its statistics from.
_NUM_IMAGES = 8


class MmtfSubject(Subject):
    """The model of mmtf, as training and serving run it, or through XLA."""

    def versions(self):
        return {
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "keras_hub": keras_hub.__version__,
        }

    def save_weights(self, *, path: str) -> None:
        """Writes the twin's weights as .npz."""
        np.savez(path, **twin_weights(self._model))

    def _build_model(self, num_outputs):
        keras.utils.set_random_seed(_WEIGHTS_SEED)
        self._config["model"]["audio"]["rematerialize"] = self._rematerialize
        if self._rematerialize and not self._computes_again():
            return False
        config = Config.from_json(json.dumps(self._config))
        model = build(self._part, config, num_outputs)
        if self._compiled and self._mode == "train" and not _trains_with_xla(model):
            return False
        sizes = self._config["model"]
        images = random_batch("image", sizes, _NUM_IMAGES, _WEIGHTS_SEED)["image"]
        scatter(model, images, _WEIGHTS_SEED)
        self._model = model
        # What Keras makes of `jit_compile` in `fit` and `predict`.
        self._train_step = tf.function(model.train_step, jit_compile=self._compiled)
        self._forward = self._forward_function()
        return True

    def _forward_function(self):
        """What is served, which has no XLA, or the model itself, through XLA or not."""
        if self._mode == "forward" and not self._compiled:
            return tf.function(served(self._part, self._model), autograph=False)
        return tf.function(
            lambda batch: self._model(batch, training=False),
            jit_compile=self._mode == "forward",
        )

    def _computes_again(self):
        return self._mode == "train" and self._part in ("audio", "whole")

    def _tensors(self, batch):
        return {key: tf.constant(value) for key, value in batch.items()}

    def _forward_pass(self, batch):
        return self._forward(batch).numpy()

    def _training_step(self):
        # As `fit` does; made while it is traced, its variables would be traced twice.
        # Not sooner, for the memory of a step counts them, as it does the twin's.
        if not self._model.optimizer.built:
            self._model.optimizer.build(self._model.trainable_variables)
        # As `mmtf.training` does before each step.
        keep_freed_memory()
        # Or the loss would be the mean of all steps.
        self._model.reset_metrics()
        logs = self._train_step((self._batch, self._labels))
        return float(logs["loss"])


def _trains_with_xla(model):
    """Whether `fit` would compile it; layers may opt out of that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.jit_compile = True
    return model.jit_compile


if __name__ == "__main__":
    main(MmtfSubject())
