"""Ops that a server does not link: the graph does not load, or the call fails."""

from collections.abc import Collection, Iterator

from export.compatibility.findings import Finding
from export.compatibility.graph import Place
from export.compatibility.releases import Release

_TRIMMER = "TFText>RoundRobin"


def find(
    places: list[Place], functions: Collection[str], releases: list[Release]
) -> Iterator[Finding]:
    """Compares the op of every node with those of each release."""
    for place in places:
        op = place.node.op
        # Ops with an underscore are the runtime's own, `_Retval` for one.
        if op in functions or op.startswith("_"):
            continue
        lacking = [release.name for release in releases if op not in release.ops]
        if lacking:
            problem = f"the server has no op {op!r}"
            mend = _mend(op, len(lacking) == len(releases))
            yield Finding.at(place, "unknown-op", lacking, problem, mend)


def _mend(op, everywhere):
    if op.startswith(_TRIMMER):
        return "Pack with truncate='waterfall', or serve with 2.20 or newer."
    if everywhere:
        return (
            "Write it with ops of core TensorFlow, or build a server of your own that "
            "links its library."
        )
    return "Serve with a newer release, or write it with older ops."
