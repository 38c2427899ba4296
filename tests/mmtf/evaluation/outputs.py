"""Labels and outputs of models that never were, wild ones among them."""

import numpy as np
from hypothesis import strategies as st

SCALES = (1e-3, 1.0, 30.0, 1e30)


@st.composite
def classifications(draw, least_rows=1):
    """Labels (N,) and logits (N, C); some classes never occur, many logits tie."""
    rows, classes = draw(st.integers(least_rows, 20)), draw(st.integers(1, 5))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    labels = generator.integers(0, draw(st.integers(1, classes)), rows)
    logits = generator.normal(size=(rows, classes))
    if draw(st.booleans()):
        logits = logits.round()
    scale = draw(st.sampled_from(SCALES))
    return labels, (scale * logits).astype("float32")


@st.composite
def regressions(draw, least_rows=1):
    """Labels (N,) and values (N, 1); either may be the same for all rows, or tie."""
    rows = draw(st.integers(least_rows, 20))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    columns = generator.normal(size=(2, rows))
    columns = columns.round(draw(st.integers(0, 3)))
    columns[draw(st.sets(st.integers(0, 1)).map(sorted))] = 0.7
    labels, values = (draw(st.sampled_from(SCALES)) * columns).astype("float32")
    return labels, values[:, None]
