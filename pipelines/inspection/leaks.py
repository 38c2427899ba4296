"""Rows of one split that another gives away.

The rule: a row of validation or test leaks if all that it holds is in one row of an
earlier split (of train, or for test of validation too). What that row holds beyond
it does not matter, nor do empty media. A text of fewer than `MIN_WORDS` words alone
is no evidence: people write "thank you" without copying. A medium shared by rows
that differ otherwise is no leak either; `repeats.py` counts it.

Legend: N rows, M modalities.
"""

from itertools import combinations

import numpy as np

from mmtf.features import MODALITIES, SUBSETS, TEXT, subset_mask
from pipelines.inspection.findings import Leak, Pair
from pipelines.inspection.groups import Groups, joint_groups

MIN_WORDS = 4
MAX_PAIRS = 20


def find_leaks(
    groups: Groups,
    text_words: np.ndarray,
    split_of_row: np.ndarray,
    splits: tuple[str, ...],
    ids: list[str],
) -> tuple[Leak, ...]:
    """Finds leaking rows, those of whole copies first.

    Args:
        groups: which content is alike.
        text_words: int (N,).
        split_of_row: int (N,), indices into `splits`.
        splits: names, train before validation before test.
        ids: of the rows.

    Returns:
        One for each pair of splits with a leak.
    """
    leaks = []
    for early, late in combinations(range(len(splits)), 2):
        sources = np.flatnonzero(split_of_row == early)
        rows = np.flatnonzero(split_of_row == late)
        same = _first_sources(groups.same, groups.sound, text_words, sources, rows)
        near = _first_sources(groups.near, groups.sound, text_words, sources, rows)
        near = {row: source for row, source in near.items() if row not in same}
        if same or near:
            pairs = [*_pairs(same, ids, near=False), *_pairs(near, ids, near=True)]
            leaks.append(
                Leak(
                    split=splits[late],
                    source=splits[early],
                    same=len(same),
                    near=len(near),
                    pairs=tuple(pairs[:MAX_PAIRS]),
                )
            )
    return tuple(leaks)


def _first_sources(contents, sound, text_words, sources, rows):
    """For rows that leak, the first source that holds all that they hold."""
    found = {}
    for subset in SUBSETS:
        mask = np.array(subset_mask(subset))
        chosen = rows[(sound[rows] == mask).all(axis=1)]
        if subset == (TEXT,):
            chosen = chosen[text_words[chosen] >= MIN_WORDS]
        holding = sources[sound[sources][:, mask].all(axis=1)]
        if not len(chosen) or not len(holding):
            continue
        both = np.concatenate([holding, chosen])
        content = joint_groups(contents[both][:, mask])
        known, first = np.unique(content[: len(holding)], return_index=True)
        of_chosen = content[len(holding) :]
        place = np.minimum(np.searchsorted(known, of_chosen), len(known) - 1)
        hit = known[place] == of_chosen
        found.update(zip(chosen[hit], holding[first[place[hit]]], strict=True))
    return dict(sorted(found.items()))


def _pairs(found, ids, *, near):
    for row, source in list(found.items())[:MAX_PAIRS]:
        yield Pair(id=ids[row], other_id=ids[source], near=near)


def shared_modalities(repeats, split: str, source: str) -> dict[str, int]:
    """Rows of a split whose text, image or audio, at least nearly, `source` has."""
    place = f"{split} in {source}"
    return {modality: repeats[modality].near[place] for modality in MODALITIES}
