"""Whether a server's memory grows."""

import numpy as np

_NUM_WINDOWS = 12
_PERCENT = 10


def summarize(samples: list[int], *, warm_up_share: float = 0.25) -> tuple[list, float]:
    """A series to look at, and the growth.

    Counted is what the server holds when little else is going on, the tenth percentile:
    a version that is loaded beside the old one, and what a huge request takes, go away
    again, and come at other times in each run.

    Args:
        samples: bytes, at equal distances.
        warm_up_share: how much of the time the server may still grow.

    Returns:
        The percentile in twelve windows over the whole time, in megabytes, and how
        much it grew from the first third after the warm-up to the last, 0.03 being
        three percent.
    """
    windows = np.array_split(np.array(samples, float), min(_NUM_WINDOWS, len(samples)))
    series = [round(_floor(window) / 1e6, 1) for window in windows]
    steady = np.array(samples[int(len(samples) * warm_up_share) :], float)
    first, _, last = np.array_split(steady, 3)
    return series, _floor(last) / _floor(first) - 1


def _floor(samples):
    return float(np.percentile(samples, _PERCENT))
