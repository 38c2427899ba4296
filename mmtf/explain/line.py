"""A straight line between two inputs, and integrals of gradients along it.

Legend: S points of the line, P panels of it.
"""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

NODES = 4
"""Gradients for each panel."""


@dataclass(frozen=True, eq=False)
class Panel:
    """A part of the line, from `start` to `end` in [0, 1].

    Attributes:
        start: where it begins.
        end: where it ends.
        outputs: those of the function at both.
        values: the integral of the gradient, for each element of the input.
    """

    start: float
    end: float
    outputs: tuple[float, float]
    values: np.ndarray

    @property
    def error(self) -> float:
        """Of the sum of the values, with its sign."""
        # The integral of the gradient along any part of the line must be the
        # difference of the outputs at its ends, so each part's error is known.
        difference = self.outputs[1] - self.outputs[0]
        return float(self.values.sum(dtype="float64")) - difference

    @property
    def middle(self) -> float:
        """Where to split it."""
        # Where outputs change quickly, they mostly do so close to the baseline.
        return (self.start + self.end) / 2 if self.start else self.end / 4


class Line:
    """The straight line from a baseline to an input, and a function along it.

    Args:
        function: from points (S, ...) to outputs (S,), row by row.
        baseline: float32 (...).
        inputs: float32, likewise.
        rows: points in one call of the function.

    Attributes:
        num_gradients: how many were computed so far.
    """

    def __init__(self, function, baseline, inputs, rows):
        self._baseline = tf.constant(baseline, tf.float32)
        self._step = tf.constant(inputs, tf.float32) - self._baseline
        self._rows = rows
        self._outputs, self._gradients = tf.function(function), _gradients(function)
        self.num_gradients = 0

    def outputs(self, positions):
        """Outputs at positions (S,) in [0, 1], float64 (S,)."""
        return self._each(self._outputs, positions).astype("float64")

    def panels(self, spans, outputs):
        """Panels over `(start, end)`, whose outputs at both ends are known."""
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        middles, halves = np.mean(spans, axis=1), np.diff(spans, axis=1)[:, 0] / 2
        positions = middles[:, None] + halves[:, None] * nodes  # (P, nodes)
        gradients = self._each(self._gradients, positions.ravel())
        self.num_gradients += positions.size
        gradients = gradients.reshape(*positions.shape, *gradients.shape[1:])
        values = np.einsum("p,n,pn...->p...", halves, weights, gradients)
        values = (values * self._step.numpy()).astype("float32")
        return [
            Panel(*span, ends, value)
            for span, ends, value in zip(spans, outputs, values, strict=True)
        ]

    def split(self, panels):
        """Two panels for each."""
        middles = self.outputs([panel.middle for panel in panels])
        spans, outputs = [], []
        for panel, output in zip(panels, middles, strict=True):
            first, last = panel.outputs
            spans += [(panel.start, panel.middle), (panel.middle, panel.end)]
            outputs += [(first, output), (output, last)]
        return self.panels(spans, outputs)

    def _each(self, compute, positions):
        positions = np.array(positions, "float32")
        parts = []
        for start in range(0, len(positions), self._rows):
            part = positions[start : start + self._rows]
            # Always as many rows, so that the function is traced once.
            padded = np.resize(part, self._rows)
            padded = padded.reshape(-1, *[1] * len(self._step.shape))
            points = self._baseline + padded * self._step
            parts.append(compute(points).numpy()[: len(part)])
        return np.concatenate(parts)


def _gradients(function):
    @tf.function
    def gradients(points):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(points)
            outputs = function(points)
        return tape.gradient(
            outputs, points, unconnected_gradients=tf.UnconnectedGradients.ZERO
        )

    return gradients
