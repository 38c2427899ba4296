"""Which rows are for training, for validation and for the test."""

from hashlib import blake2b
from itertools import accumulate

from mmtf.errors import InputError

SPLITS = TRAIN, VALIDATION, TEST = ("train", "validation", "test")
ALIASES = {
    "training": TRAIN,
    "val": VALIDATION,
    "valid": VALIDATION,
    "dev": VALIDATION,
    "testing": TEST,
}


def split_named(name: str) -> str | None:
    """The split of that name or alias, in any case; None if there is none."""
    split = ALIASES.get(name.lower(), name.lower())
    return split if split in SPLITS else None


def hashed_split(row_id: str, fractions: tuple[float, float, float]) -> str:
    """A row's split by the BLAKE2b hash of its id.

    It depends on nothing else, so a row stays where it is when others come and
    go, and rows of one id stay together.

    Args:
        row_id: the id.
        fractions: shares of train, validation and test, see `check_fractions`.
    """
    digest = blake2b(row_id.encode(), digest_size=8).digest()
    position = int.from_bytes(digest, "big") / 2**64
    for split, bound in zip(SPLITS, accumulate(fractions), strict=True):
        if position < bound:
            return split
    # The sum of the fractions may fall short of 1 by rounding.
    return next(s for s, f in zip(SPLITS, fractions, strict=True) if f > 0)


def check_fractions(fractions: tuple[float, float, float]) -> None:
    """Makes sure that the shares of the three splits are shares.

    Raises:
        InputError: they are not three numbers from 0 that sum to 1.
    """
    valid = len(fractions) == len(SPLITS) and min(fractions) >= 0
    if not valid or abs(sum(fractions) - 1) > 1e-6:
        raise InputError(
            "`split_fractions` must be three shares (train, validation, test) that "
            f"sum to 1. Received: {tuple(fractions)}. Use 0.8 0.1 0.1, for instance."
        )
