"""Near copies among many media, without comparing each with each.

Legend: N media, P pairs, C 16-bit parts of a code (8).
"""

from collections.abc import Callable, Iterator

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

MAX_DIFFERENT_BITS = 7
"""Codes that differ in fewer bits than they have parts agree in a whole part."""
MAX_NEIGHBOURS = 1000
"""Where more media than this share a part of their codes, each is compared with so
many that follow it in the order of the codes; it bounds the time."""
# Links kept before they are reduced to one for each medium.
_MAX_LINKS = 2**20

Confirm = Callable[[np.ndarray, np.ndarray], np.ndarray]


def near_groups(codes: np.ndarray, confirm: Confirm) -> np.ndarray:
    """Puts near copies, and near copies of those, into groups.

    Source: M. Norouzi, A. Punjani and D. Fleet, "Fast Search in Hamming Space with
    Multi-Index Hashing" (CVPR 2012), section 3.

    Args:
        codes: uint8 (N, 2 C); codes of near copies differ in at most
            `MAX_DIFFERENT_BITS` bits.
        confirm: tells of pairs whose codes do, given as the positions of either
            side, (P,) each, which are near copies, bool (P,).

    Returns:
        int (N,), the group of each medium, from 0 on.
    """
    parts = np.ascontiguousarray(codes).view("u2")
    groups, links, num_links = np.arange(len(codes)), [], 0
    for first, second in _candidates(parts):
        differing = np.bitwise_count(parts[first] ^ parts[second]).sum(axis=1)
        close = differing <= MAX_DIFFERENT_BITS
        first, second = first[close], second[close]
        confirmed = confirm(first, second)
        links.append(np.stack([first[confirmed], second[confirmed]]))
        num_links += int(confirmed.sum())
        if num_links > _MAX_LINKS:
            groups, links, num_links = _merge(groups, links), [], 0
    return _merge(groups, links)


def _candidates(parts) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Positions of pairs that agree in a part; a pair may come more than once."""
    for part in range(parts.shape[1]):
        # By that part, then by the others, so that the nearest come close.
        order = np.lexsort(np.roll(parts, -1 - part, axis=1).T)
        key = parts[order, part]
        start = np.arange(len(order))
        for offset in range(1, MAX_NEIGHBOURS + 1):
            start = start[start + offset < len(order)]
            start = start[key[start] == key[start + offset]]
            if not len(start):
                break
            yield order[start], order[start + offset]


def _merge(groups, links):
    if not links:
        return groups
    first, second = groups[np.concatenate(links, axis=1)]
    shape = (len(groups), len(groups))
    graph = coo_matrix((np.ones(len(first), bool), (first, second)), shape)
    return connected_components(graph, directed=False)[1][groups]
