"""Counts and lists in words."""

from collections.abc import Sequence

MAX_NAMED = 5


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 row" or "1,200 rows"; the plural ends in s unless it is given."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def are(number: int) -> str:
    """ "is" of one, "are" of more."""
    return "is" if number == 1 else "are"


def listed(words: Sequence[str], total: int, conjunction: str = "and") -> str:
    """The first few words.

    Args:
        words: one or more.
        total: how many there are in truth.
        conjunction: before the last.
    """
    first = list(words[:MAX_NAMED])
    if total > len(first):
        return f"{', '.join(first)} {conjunction} {total - len(first):,} more"
    if len(first) == 1:
        return first[0]
    return f"{', '.join(first[:-1])} {conjunction} {first[-1]}"


def name_of(row_id: str) -> str:
    """The id, which may be empty."""
    return row_id or "a row without id"
