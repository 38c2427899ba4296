"""Nodes tied to a device that a stock server does not have."""

import re
from collections.abc import Iterator

from export.compatibility.findings import Finding
from export.compatibility.graph import Place
from export.compatibility.releases import Release

# `/device:GPU:0`, and the older `/gpu:0`.
_DEVICE_TYPE = re.compile(r"/(?:device:)?(?!job|replica|task)([A-Za-z_]+):[\d*]+", re.I)


def find(places: list[Place], releases: list[Release]) -> Iterator[Finding]:
    """Looks for devices other than CPUs.

    The server does not set allow_soft_placement, so that a tied node of the graph
    itself fails. One within a function is placed again where it is called, and ran
    on the CPU of every runtime tried (2.14, 2.18, 2.20, 2.21).
    """
    names = [release.name for release in releases]
    for place in places:
        match = _DEVICE_TYPE.search(place.node.device)
        if match and place.runs and match[1].upper() not in ("CPU", "XLA_CPU"):
            yield Finding.at(
                place,
                "device-pin",
                names,
                f"it is tied to {place.node.device}, which {_effect(place)}",
                "Write the model without tf.device.",
                fatal=not place.function,
            )


def _effect(place):
    if place.function:
        return "a server without that device passes over"
    return "a server without that device refuses"
