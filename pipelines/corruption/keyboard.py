"""Which keys lie beside which on a QWERTY keyboard."""

import numpy as np

# Each row of keys and how far it is shifted to the right.
_ROWS = (
    ("1234567890", 0.0), ("qwertyuiop", 0.5), ("asdfghjkl", 0.75), ("zxcvbnm", 1.25),
)  # fmt: skip
# Widths of a key between the middles of two that touch: at most 0.75 to the side
# and 1 down.
_REACH = 1.26


def _neighbours() -> dict[str, str]:
    places = {
        key: np.array([column + shift, row])
        for row, (keys, shift) in enumerate(_ROWS)
        for column, key in enumerate(keys)
    }
    return {
        key: "".join(
            other
            for other, there in places.items()
            if 0 < np.linalg.norm(here - there) < _REACH
        )
        for key, here in places.items()
    }


def _table(neighbours):
    table = np.zeros((128, max(map(len, neighbours.values()))), np.int32)
    for key, others in neighbours.items():
        table[ord(key), : len(others)] = [ord(other) for other in others]
    return table


NEIGHBOURS = _table(_neighbours())
"""Code points of the keys beside each ASCII key, int32 (128, most neighbours): the
lower-case letters and digits have some; zeros fill the rest."""
NUM_NEIGHBOURS = np.count_nonzero(NEIGHBOURS, axis=1).astype(np.int32)
"""How many each key has, int32 (128,)."""
