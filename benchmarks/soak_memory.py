"""Whether a server's memory grows."""

import numpy as np

_NUM_WINDOWS = 12


def summarize(samples: list[int], *, warm_up_share: float = 0.25) -> tuple[list, float]:
    """A series to look at, and the growth.

    What a request or a reload takes for a moment counts little: medians are compared,
    that of the first third after the warm-up and that of the last third.

    Args:
        samples: bytes, at equal distances.
        warm_up_share: how much of the time the server may still grow.

    Returns:
        The medians of twelve windows over the whole time, in megabytes, and how much
        the memory grew after the warm-up, 0.03 being three percent.
    """
    windows = np.array_split(np.array(samples, float), min(_NUM_WINDOWS, len(samples)))
    series = [round(float(np.median(window)) / 1e6, 1) for window in windows]
    steady = np.array(samples[int(len(samples) * warm_up_share) :], float)
    first, _, last = np.array_split(steady, 3)
    return series, float(np.median(last) / np.median(first)) - 1
