"""The demo corpus as a probability model, and the best that anyone can do on it.

A row is drawn so: its label y is one of three moods, equally likely. A pattern
tells which modalities are present, whatever the label. Each present modality m
shows a mood, alone and given y only: the label itself with probability
`TRUTH[m]`, else one of the two other moods, equally likely.

So what a modality shows has the probability

    P(s_m | y) = t_m if s_m = y, else (1 - t_m) / 2

and the best guess from what a subset S of the modalities shows is the label
that maximises P(y) * product of P(s_m | y). How often it is right has a closed
form, a sum over the patterns A and all that S can show under each:

    accuracy(S) = sum over A of P(A) * sum over (s_m, m in S and A)
                  of max over y of 1/3 * product over m of P(s_m | y)

A row that has nothing of S counts with 1/3. Two modalities that disagree leave
the best guess with the more truthful one, so a pair gains over its better half
only through rows that lack it; all three gain much, since two outvote one.
"""

from itertools import product
from math import fsum, prod

from mmtf.features import AUDIO, IMAGE, SUBSETS, TEXT, subset_name

MOODS = NEGATIVE, NEUTRAL, POSITIVE = ("negative", "neutral", "positive")

TRUTH = {TEXT: 0.82, IMAGE: 0.81, AUDIO: 0.80}
"""Probability that a present modality shows the label's own mood."""

PRESENCE = {subset: (0.01, 0.05, 0.82)[len(subset) - 1] for subset in SUBSETS}
"""Probability that exactly these modalities are present; one always is."""


def joint_probability(label: str, shown: dict[str, str]) -> float:
    """Probability of a label together with the moods that modalities show.

    Args:
        label: one of `MOODS`.
        shown: mood by modality, for the modalities that are looked at.
    """
    return prod(
        (TRUTH[modality] if mood == label else (1 - TRUTH[modality]) / 2)
        for modality, mood in shown.items()
    ) / len(MOODS)


def best_guess(shown: dict[str, str]) -> str:
    """The most probable label given the moods shown; of equals the first."""
    return max(MOODS, key=lambda label: joint_probability(label, shown))


def oracle_accuracy(subset: tuple[str, ...]) -> float:
    """Accuracy of the best guess from these modalities over all rows.

    Args:
        subset: one of `mmtf.features.SUBSETS`.
    """
    return fsum(
        probability * joint_probability(best_guess(shown), shown)
        for present, probability in PRESENCE.items()
        for shown in possible_moods([m for m in subset if m in present])
    )


def possible_moods(modalities) -> list[dict[str, str]]:
    """Everything that these modalities can show together."""
    return [
        dict(zip(modalities, moods, strict=True))
        for moods in product(MOODS, repeat=len(modalities))
    ]


def oracle_record() -> dict:
    """What `oracle.json` tells of the model and of its best accuracies."""
    return {
        "classes": list(MOODS),
        "truth": TRUTH,
        "presence": {subset_name(s): p for s, p in PRESENCE.items()},
        "accuracy": {subset_name(s): oracle_accuracy(s) for s in SUBSETS},
    }
