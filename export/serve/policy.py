"""What to load or unload next, so that a model stays available.

These are the rules of TensorFlow Serving's AvailabilityPreservingPolicy
(tensorflow_serving/core/availability_preserving_policy.cc): a new version is loaded
before the old one goes, and an old one stays as long as no wanted one serves.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from export.serve.models import State


class Kind(Enum):
    """What can be done with a version."""

    LOAD = "load"
    UNLOAD = "unload"


class Action(NamedTuple):
    """A version, and what to do with it."""

    kind: Kind
    version: int


class Snapshot(NamedTuple):
    """Where a version stands, and whether its model's source wants it."""

    version: int
    state: State
    wanted: bool


def next_action(versions: Sequence[Snapshot]) -> Action | None:
    """The next step for one model, or None while there is nothing to do.

    Args:
        versions: those of one model, in any order.
    """
    wanted = [v for v in versions if v.wanted]
    serving = [v for v in wanted if v.state is State.AVAILABLE]
    leftover = [v for v in versions if not v.wanted and v.state is State.AVAILABLE]
    # The highest leftover bridges the time until a wanted version serves.
    if leftover and (not wanted or serving or len(leftover) > 1):
        return Action(Kind.UNLOAD, min(v.version for v in leftover))
    new = [v.version for v in wanted if v.state is State.START]
    return Action(Kind.LOAD, max(new)) if new else None
