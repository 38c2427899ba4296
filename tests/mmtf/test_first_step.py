import keras
import numpy as np
import pytest

from mmtf import first_step
from mmtf.first_step import TimeFirstStep


def test_the_first_step_alone_is_timed_and_said(monkeypatch, capsys):
    ticks = iter([100.0, 112.25])
    monkeypatch.setattr(first_step.time, "monotonic", lambda: next(ticks))
    timer = TimeFirstStep()
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(
        np.ones((4, 1)), np.ones((4, 1)), batch_size=2, epochs=2, verbose=0,
        callbacks=[timer],
    )  # fmt: skip
    assert timer.seconds == pytest.approx(12.25)
    assert capsys.readouterr().err.startswith("first step: 12.2 s, tracing")
