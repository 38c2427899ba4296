"""Weights by path, for who must use each of them once."""

import numpy as np


class Weights:
    """Arrays by path, taken one by one."""

    def __init__(self, arrays: dict[str, np.ndarray]):
        self._left = dict(arrays)

    def __contains__(self, path):
        return path in self._left

    def take(self, path: str) -> np.ndarray:
        """The one of that path."""
        if path not in self._left:
            raise ValueError(f"The twin needs {path!r}. Left are {list(self._left)}.")
        return self._left.pop(path)

    def upcoming(self) -> str:
        """The last part of the next one's path; empty if none is left."""
        return next(iter(self._left), "").rpartition("/")[2]

    def next(self, *names: str) -> tuple[np.ndarray, ...]:
        """The next ones, whose paths must end in these names."""
        return tuple(self._next(name) for name in names)

    def _next(self, name):
        if self.upcoming() != name:
            raise ValueError(f"The twin needs a {name!r} next of {list(self._left)}.")
        return self._left.pop(next(iter(self._left)))

    def require_none_left(self) -> None:
        """Raises ValueError if something was not taken."""
        if self._left:
            raise ValueError(f"The twin has nothing like {list(self._left)}.")
