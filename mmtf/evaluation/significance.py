"""Is the model that sees all better than one that sees less? On the same rows.

Legend: N rows.
"""

import numpy as np
from scipy.stats import binomtest

from mmtf.evaluation.intervals import interval
from mmtf.evaluation.resampling import resampled_counts, resampled_means
from mmtf.evaluation.verdict import sentence

RESAMPLES = 10_000


def compare_accuracies(
    is_right: np.ndarray, rivals: dict[str, np.ndarray], *, seed: int = 0
) -> dict[str, dict]:
    """A classifier against others, by the paired bootstrap and McNemar's exact test.

    McNemar's test (1947, here with exact binomial probabilities) asks whether rows that
    only one of both has right fall to either side like a fair coin.

    Args:
        is_right: (N,) bool.
        rivals: the same of others, by name.
        seed: same seed, same result.

    Returns:
        By name `difference` (of accuracy, above 0 when the first is better), its 95%
        `interval`, and two-sided p-values `p_bootstrap` and `p_mcnemar`. All are None
        without rows.
    """
    return {
        name: _compare_accuracy(is_right, rival, seed) for name, rival in rivals.items()
    }


def _compare_accuracy(is_right, rival, seed):
    wins, losses = int((is_right & ~rival).sum()), int((rival & ~is_right).sum())
    rows = len(is_right)
    if not rows:
        return _comparison(None, None, None)
    counts = np.array([wins, losses, rows - wins - losses])
    drawn = np.concatenate(
        list(resampled_counts(counts, resamples=RESAMPLES, seed=seed))
    )
    differences = (drawn[:, 0] - drawn[:, 1]) / rows
    p_mcnemar = binomtest(wins, wins + losses).pvalue if wins + losses else 1.0
    return _comparison((wins - losses) / rows, differences, float(p_mcnemar))


def compare_absolute_errors(
    errors: np.ndarray, rivals: dict[str, np.ndarray], *, seed: int = 0
) -> dict[str, dict]:
    """A regressor against others, by the paired bootstrap of the mean absolute error.

    Args:
        errors: (N,) absolute errors.
        rivals: the same of others, by name.
        seed: same seed, same result.

    Returns:
        As `compare_accuracies`. `difference` is how much smaller the first one's error
        is, above 0 when it is better; `p_mcnemar` is None.
    """
    if not len(errors):
        return {name: _comparison(None, None, None) for name in rivals}
    gains = np.stack([rival - errors for rival in rivals.values()], axis=1)
    means = resampled_means(gains, resamples=RESAMPLES, seed=seed)
    return {
        name: _comparison(float(gains[:, index].mean()), means[:, index], None)
        for index, name in enumerate(rivals)
    }


def _comparison(difference, resampled, p_mcnemar):
    defined = resampled is not None
    return {
        "difference": difference,
        "interval": interval(resampled) if defined else None,
        "p_bootstrap": _bootstrap_p(resampled) if defined else None,
        "p_mcnemar": p_mcnemar,
    }


def _bootstrap_p(differences):
    """Two-sided: how often the sign turns. One more than counted, so never 0, since no
    more is known than that fewer than one in so many resamples turn (Davison and
    Hinkley 1997, equation 4.11)."""
    turned = min((differences <= 0).sum(), (differences >= 0).sum())
    return float(min(1.0, 2 * (turned + 1) / (len(differences) + 1)))


def conclude(comparisons: dict[str, dict]) -> dict[str, dict]:
    """Adds to each comparison `p_holm` and the `sentence` that follows from it.

    The p-values (McNemar's, or the bootstrap's for regression) are raised by Holm's
    method (1979), so that the chance of one false "better" or "worse" among all of the
    comparisons is at most 5%. The intervals stand each for itself. When one of the
    rivals was chosen as the best on these very rows, its luck in the choice counts
    against the first model: "better than the best single" errs on the safe side.

    Args:
        comparisons: what `compare_accuracies` or `compare_absolute_errors` returns.
    """
    deciding = {
        name: c["p_bootstrap"] if c["p_mcnemar"] is None else c["p_mcnemar"]
        for name, c in comparisons.items()
    }
    raised = _holm(deciding)
    return {
        name: {**c, "p_holm": raised[name], "sentence": sentence(name, c, raised[name])}
        for name, c in comparisons.items()
    }


def _holm(p_values):
    if None in p_values.values():
        return dict.fromkeys(p_values)
    raised, least = {}, 0.0
    ordered = sorted(p_values, key=p_values.get)
    for index, name in enumerate(ordered):
        least = max(least, min(1.0, (len(ordered) - index) * p_values[name]))
        raised[name] = least
    return raised
