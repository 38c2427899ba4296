"""Calls into Python, which a server does not have."""

from collections.abc import Iterator

from export.compatibility.findings import Finding
from export.compatibility.graph import Place
from export.compatibility.releases import Release

PYTHON_OPS = {"EagerPyFunc", "PyFunc", "PyFuncStateless"}


def find(places: list[Place], releases: list[Release]) -> Iterator[Finding]:
    """Looks for what tf.py_function and tf.numpy_function leave in a graph."""
    names = [release.name for release in releases]
    for place in places:
        if place.node.op in PYTHON_OPS and place.runs:
            yield Finding.at(
                place,
                "python-call",
                names,
                "it calls a Python function, which stays in the process that wrote "
                "the model",
                "Replace tf.py_function and tf.numpy_function by TensorFlow ops.",
            )
