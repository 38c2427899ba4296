"""Rules that a graph is held against without running it."""

from export.compatibility.findings import Finding, merge_repeated
from export.compatibility.graph import find_places
from export.compatibility.releases import Release
from export.compatibility.static import (
    attributes,
    devices,
    kernels,
    outputs,
    python_calls,
    unknown_ops,
    xla,
)
from export.protocol import MetaGraphDef


def find_faults(meta_graph: MetaGraphDef, releases: list[Release]) -> list[Finding]:
    """Applies every rule.

    Args:
        meta_graph: the graph tagged `serve`.
        releases: the servers.

    Returns:
        What they would stumble over; like nodes are named once.
    """
    places = find_places(meta_graph)
    functions = {f.signature.name: f for f in meta_graph.graph_def.library.function}
    return merge_repeated(
        [
            *unknown_ops.find(places, functions, releases),
            *python_calls.find(places, releases),
            *xla.find(places, functions, releases),
            *kernels.find(places, releases),
            *attributes.find(places, releases),
            *devices.find(places, releases),
            *outputs.find(meta_graph.signature_def, releases),
        ]
    )
