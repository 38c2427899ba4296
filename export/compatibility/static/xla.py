"""What only runs compiled by XLA, which a server leaves switched off."""

from collections.abc import Iterator

from export.compatibility.findings import Finding
from export.compatibility.graph import Place, called_functions
from export.compatibility.releases import Release
from export.protocol import FunctionDef

_ATTRIBUTE = "_XlaMustCompile"
_CONVOLUTIONS = {"Conv2D", "Conv3D"}


def find(
    places: list[Place], functions: dict[str, FunctionDef], releases: list[Release]
) -> Iterator[Finding]:
    """Looks for jit_compile=True and for XLA's own ops."""
    names = [release.name for release in releases]
    for place in places:
        compiled = _compiled_functions(place.node, functions)
        if place.runs and (compiled or place.node.op.startswith("Xla")):
            yield Finding.at(
                place,
                "needs-xla",
                names,
                "it only runs compiled by XLA, which the server leaves off unless "
                "started with --xla_cpu_compilation_enabled",
                _mend(place.node, compiled, functions),
            )


def _compiled_functions(node, functions):
    """The functions a node calls, if it has them compiled."""
    called = called_functions(node, functions)
    if _must_compile(node):
        return called or {node.op}
    return {name for name in called if _must_compile(functions[name])}


def _must_compile(node_or_function):
    # A map's item would be made by asking for it.
    attributes = node_or_function.attr
    return _ATTRIBUTE in attributes and attributes[_ATTRIBUTE].b


def _mend(node, compiled, functions):
    if node.op.startswith("Xla"):
        return "Leave out what makes it, such as keras.ops.slice_update."
    ops = {
        n.op for name in compiled & functions.keys() for n in functions[name].node_def
    }
    if ops & _CONVOLUTIONS:
        return (
            "Keras compiles convolutions with groups > 1: split the channels and "
            "convolve each part, or use a depthwise convolution."
        )
    return "Leave out jit_compile=True."
