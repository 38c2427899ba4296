"""Integrated gradients, with as many gradients as completeness asks for.

Legend: S points of the line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import tensorflow as tf

from mmtf.explain.line import NODES, Line

_FIRST_PANELS = 4
_NEGLIGIBLE = 1e-3
_NARROWEST = 1e-12
"""A change within less is a jump, which no gradient tells of."""


@dataclass(frozen=True)
class Attribution:
    """What the parts of an input add to an output, over that of a baseline.

    Attributes:
        values: one for each element of the input, or of groups of them.
        baseline_output: the output for the baseline.
        output: the output for the input.
        num_gradients: how many were computed.
    """

    values: np.ndarray
    baseline_output: float
    output: float
    num_gradients: int

    @property
    def error(self) -> float:
        """How far the values' sum is from the difference of the two outputs."""
        difference = self.output - self.baseline_output
        return abs(float(self.values.sum(dtype="float64")) - difference)

    @property
    def relative_error(self) -> float | None:
        """The same as a fraction of that difference; None when there is none."""
        difference = abs(self.output - self.baseline_output)
        return self.error / difference if difference else None


def integrated_gradients(
    function: Callable[[tf.Tensor], tf.Tensor],
    baseline: np.ndarray,
    inputs: np.ndarray,
    *,
    tolerance: float = 0.01,
    max_gradients: int = 1024,
    rows: int = 8,
) -> Attribution:
    """Attributes the difference of two outputs to the elements of the input.

    The integral along the straight path from baseline to input is computed by
    Gauss-Legendre quadrature on panels, and the panels with the largest errors are
    split until all together are within the tolerance. Equal steps would not do: a
    network that normalises what it hears has answered before a sound is a thousandth
    as loud as it will be.

    Args:
        function: from points (S, ...) to outputs (S,), row by row, in TensorFlow.
        baseline: float32 (...).
        inputs: float32, likewise.
        tolerance: what the completeness error may be, as a fraction of the
            difference of the outputs; where that is next to nothing, 0.001.
        max_gradients: where refinement ends at the latest.
        rows: points in one call of `function`.

    Returns:
        Attribution with `values` (...), which add up to the difference of the
        outputs but for its `error`.

    Reference:
        Sundararajan et al. 2017, Axiomatic attribution for deep networks,
        https://arxiv.org/abs/1703.01365, equation 1 and proposition 1.
    """
    line = Line(function, baseline, inputs, rows)
    edges = np.linspace(0.0, 1.0, _FIRST_PANELS + 1)
    outputs = line.outputs(edges)
    panels = line.panels(list(pairwise(edges)), list(pairwise(outputs)))
    allowed = max(tolerance * abs(outputs[-1] - outputs[0]), _NEGLIGIBLE)
    while coarse := _too_coarse(panels, allowed):
        affordable = (max_gradients - line.num_gradients) // (2 * NODES)
        if not affordable:
            break
        coarse = coarse[:affordable]
        kept = [panel for panel in panels if panel not in coarse]
        panels = kept + line.split(coarse)
    return Attribution(
        values=np.sum([panel.values for panel in panels], axis=0),
        baseline_output=float(outputs[0]),
        output=float(outputs[-1]),
        num_gradients=line.num_gradients,
    )


def _too_coarse(panels, allowed):
    """The panels to split, the worst first; none when their errors, added up either
    way, are small.

    The root of the sum of squares must be, too, lest large errors cancel by luck.
    """
    wide = [panel for panel in panels if panel.end - panel.start > _NARROWEST]
    wide.sort(key=lambda panel: -abs(panel.error))
    limit = allowed / len(panels) ** 0.5
    coarse = [panel for panel in wide if abs(panel.error) > limit]
    total = abs(sum(panel.error for panel in wide))
    return coarse or (wide[:1] if total > allowed else [])
