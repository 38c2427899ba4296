"""What a comparison says, in words."""

from mmtf.features import MODALITIES

LEVEL = 0.05


def sentence(rival: str, comparison: dict, p: float | None) -> str:
    """The verdict on the model that sees all, as a sentence without its subject.

    Args:
        rival: name of the subset, or of another model, that it was compared with.
        comparison: `difference`, `interval` and `p_mcnemar`, as
            `mmtf.evaluation.significance` has them.
        p: the p-value that decides; None when there was nothing to compare.

    Returns:
        "better than ...", "worse than ..." or, unless p is below 0.05, "not shown to
        differ from ...", with the figures.
    """
    if p is None:
        return f"not compared with {rival}: there are no rows"
    other = f"{rival} alone" if rival in MODALITIES else rival
    difference, (low, high) = comparison["difference"], comparison["interval"]
    amounts = _amounts_of_error if comparison["p_mcnemar"] is None else _points
    if p >= LEVEL:
        figures = amounts(difference, low, high)
        return f"not shown to differ from {other}: {figures}, {_chance(p)}"
    if difference > 0:
        return f"better than {other} by {amounts(difference, low, high)}, {_chance(p)}"
    return f"worse than {other} by {amounts(-difference, -high, -low)}, {_chance(p)}"


def _points(difference, low, high):
    amount, low, high = (f"{100 * value:.1f}" for value in (difference, low, high))
    return f"{amount} points, 95% interval {low} to {high}"


def _amounts_of_error(difference, low, high):
    amount, low, high = (f"{value:.3f}" for value in (difference, low, high))
    return f"{amount} of mean absolute error, 95% interval {low} to {high}"


def _chance(p):
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
