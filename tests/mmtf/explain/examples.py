"""Explanations written by hand."""

import dataclasses

import numpy as np

from mmtf.config import Labels
from mmtf.explain import Attribution, Explanation

ERROR = 1 / 64
"""Of each attribution's sum."""


def attribution(values, baseline_output=0.5):
    values = np.array(values, np.float32)
    total = float(values.sum())
    return Attribution(values, baseline_output, baseline_output + total + ERROR, 16)


def classes(**changes):
    """Of text, image and audio, with classes whose names a page must escape."""
    heat = np.zeros((16, 16))
    heat[2:4, 12:14] = 0.25
    explanation = Explanation(
        labels=Labels(class_names=("bad", "<good>")),
        explained=1,
        scores=np.array([0.2, 0.8], np.float32),
        base_scores=np.array([0.5, 0.5], np.float32),
        contributions=np.array([[-0.4, 0.4], [0.1, -0.1], [0.0, 0.0]], np.float32),
        modality_weights=np.array([0.7, 0.2, 0.1], np.float32),
        presence=np.array([True, True, True]),
        tokens=("not", "<b>", "##ad"),
        image=np.full((16, 16, 3), 100.0, np.float32),
        waveform=np.sin(np.arange(2500) / 9).astype("float32"),
        sample_rate_hz=10000,
        attributions={
            "text": attribution([0.5, -0.25, 0.125]),
            "image": attribution(heat),
            "audio": attribution([*[1e-3] * 1000, *[-2e-3] * 1000, *[0] * 500]),
        },
    )
    return dataclasses.replace(explanation, **changes)


def regression():
    """Of text alone."""
    return classes(
        labels=Labels(task="regression"),
        explained=0,
        scores=np.array([2.5], np.float32),
        base_scores=np.array([-1.0], np.float32),
        contributions=np.array([[3.5], [0.0], [0.0]], np.float32),
        modality_weights=np.array([1.0, 0.0, 0.0], np.float32),
        presence=np.array([True, False, False]),
        attributions={"text": attribution([0.5, -0.25, 0.125])},
    )
