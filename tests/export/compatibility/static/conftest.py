"""Nodes without a graph around them."""

import pytest

from export.compatibility.graph import Place
from export.compatibility.releases import find_releases
from export.protocol import NodeDef


@pytest.fixture
def servers():
    """The releases 2.16 to 2.20."""
    return find_releases(["2.16", "2.17", "2.18", "2.19", "2.20"])


@pytest.fixture
def place():
    """Gives a function that makes a node, in a function unless told otherwise."""

    def make(op, *, function="f", device="", runs=True, **attributes):
        node = NodeDef(name="n", op=op, device=device)
        for name, value in attributes.items():
            kind = {bool: "b", int: "type", str: "s"}[type(value)]
            value = value.encode() if isinstance(value, str) else value
            setattr(node.attr[name], kind, value)
        return Place(node, function, runs)

    return make
