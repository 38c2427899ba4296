"""Attributes that came after a release, which that release passes over.

Tried on the C++ runtime of 2.14: it logs `Unknown attributes will be ignored` and
runs the op as if the attribute were not there. A SavedModel leaves out attributes
that have their default values, so one that is there means something.
"""

from collections.abc import Iterator

from export.compatibility.findings import Finding
from export.compatibility.graph import Place
from export.compatibility.releases import Release

# Names for people, and hints for gradients: no answer depends on them.
_WITHOUT_EFFECT = {"debug_name", "grad_a", "grad_b", "grad_x", "grad_y"}


def find(places: list[Place], releases: list[Release]) -> Iterator[Finding]:
    """Compares the attributes of every node with those of each release."""
    for place in places:
        op = place.node.op
        for attribute in sorted(set(place.node.attr) - _WITHOUT_EFFECT):
            ignoring = [
                release.name
                for release in releases
                if place.runs and attribute in release.unknown_attributes.get(op, ())
            ]
            if ignoring:
                yield Finding.at(
                    place,
                    "ignored-attribute",
                    ignoring,
                    f"the server does not know the attribute {attribute!r} of {op!r} "
                    "and runs it without",
                    "Leave the attribute out, or serve with a newer release.",
                    fatal=False,
                )
