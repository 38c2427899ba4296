"""Ops that a server knows but cannot run on a CPU."""

from collections.abc import Iterator

from export.compatibility.findings import Finding
from export.compatibility.graph import Place
from export.compatibility.releases import Release, core_ops
from export.compatibility.static.python_calls import PYTHON_OPS
from export.protocol import DataType, NodeDef


def find(places: list[Place], releases: list[Release]) -> Iterator[Finding]:
    """Looks for ops without a CPU kernel, and for types that came later."""
    without = set(core_ops()["no_cpu_kernel"]) - PYTHON_OPS
    for place in places:
        if not place.runs:
            continue
        # Those of XLA are told by a rule of their own.
        if place.node.op in without and not place.node.op.startswith("Xla"):
            yield _without_kernel(place, releases)
        yield from _unknown_types(place, releases)


def _without_kernel(place, releases):
    return Finding.at(
        place,
        "no-cpu-kernel",
        [release.name for release in releases],
        f"{place.node.op!r} has no kernel for the CPU",
        "Write it with ops that run on the CPU, such as Keras layers with "
        "use_cudnn=False.",
    )


def _unknown_types(place: Place, releases: list[Release]) -> Iterator[Finding]:
    op = place.node.op
    for attribute, name in _types(place.node):
        where = f"{op}.{attribute}"
        lacking = [r.name for r in releases if name in r.unknown_types.get(where, ())]
        if lacking:
            yield Finding.at(
                place,
                "unknown-type",
                lacking,
                f"the server's {op!r} does not take {name} for {attribute!r}",
                "Cast to another type before it, or serve with a newer release.",
            )


def _types(node: NodeDef) -> list[tuple[str, str]]:
    """Attributes with the names of types that they hold."""
    return [
        (attribute, DataType.Name(number))
        for attribute, value in sorted(node.attr.items())
        for number in sorted({value.type, *value.list.type} - {0})
    ]
