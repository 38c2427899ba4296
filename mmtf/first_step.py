"""How long the first training step takes, in which TensorFlow traces and compiles."""

import sys
import time

import keras


class TimeFirstStep(keras.callbacks.Callback):
    """Says on stderr how many seconds the first step of training took.

    Attributes:
        seconds: the same; None until then.
    """

    def __init__(self):
        super().__init__()
        self.seconds = None
        self._started = None

    def on_train_batch_begin(self, batch, logs=None):
        if self._started is None:
            self._started = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        if self.seconds is None:
            self.seconds = time.monotonic() - self._started
            print(
                f"first step: {self.seconds:.1f} s, tracing, compiling and the first "
                "rows included",
                file=sys.stderr,
            )
