"""Several trainings that differ by their seed alone: means and standard deviations."""

from collections.abc import Sequence

import numpy as np

from mmtf.features import FULL


def summarise_seeds(runs: Sequence[dict]) -> dict:
    """How the figures of a split vary from seed to seed.

    Args:
        runs: for each seed, the split's object of metrics.json.

    Returns:
        `{figure: {"mean", "std", "values"}}` with all modalities, and the same by
        subset under `subsets`. `std` is that of a sample: divided by one less than
        the number of seeds, so None for one seed. Mean and `std` are None when the
        figure is not defined for every seed.
    """
    subsets = {
        name: _summarise([run["subsets"][name] for run in runs])
        for name in runs[0]["subsets"]
    }
    return {**subsets[FULL], "subsets": subsets}


def _summarise(objects):
    names = [name for name in objects[0] if name != "intervals"]
    return {name: _spread([figures[name] for figures in objects]) for name in names}


def _spread(values):
    is_defined = None not in values
    has_spread = is_defined and len(values) > 1
    return {
        "mean": float(np.mean(values)) if is_defined else None,
        "std": float(np.std(values, ddof=1)) if has_spread else None,
        "values": values,
    }
