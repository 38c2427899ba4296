"""The nodes of a SavedModel that a server would run."""

from collections.abc import Iterator
from dataclasses import dataclass

from export.protocol import FunctionDef, GraphDef, MetaGraphDef, NodeDef


@dataclass(frozen=True)
class Place:
    """A node, and where it stands.

    Attributes:
        node: the NodeDef.
        function: the name of the library function; empty in the graph itself.
        runs: whether loading or some signature needs it. A server imports the
            others too, but never places or runs them.
    """

    node: NodeDef
    function: str
    runs: bool


def find_places(meta_graph: MetaGraphDef) -> list[Place]:
    """All nodes of the graph, and those of functions that something calls.

    A function that nothing calls is never made ready, whatever it holds: tried on
    the C++ runtimes of 2.14, 2.20 and 2.21.
    """
    graph = meta_graph.graph_def
    needed = needed_nodes(meta_graph)
    places = [Place(node, "", node.name in needed) for node in graph.node]
    for function in _called_functions(graph, needed):
        name = function.signature.name
        places += [Place(node, name, True) for node in function.node_def]
    return places


def needed_nodes(meta_graph: MetaGraphDef) -> set[str]:
    """Names of nodes that lead to an output, or are run while loading."""
    nodes = {node.name: node for node in meta_graph.graph_def.node}
    needed, waiting = set(), [_node_name(name) for name in _fetched(meta_graph)]
    while waiting:
        name = waiting.pop()
        if name in nodes and name not in needed:
            needed.add(name)
            waiting += [_node_name(source) for source in nodes[name].input]
    return needed


def called_functions(node: NodeDef, functions: dict[str, FunctionDef]) -> set[str]:
    """Names of library functions that a node refers to."""
    names = {node.op}
    for value in node.attr.values():
        names.add(value.func.name)
        names.update(function.name for function in value.list.func)
    return names & functions.keys()


def _called_functions(graph: GraphDef, needed: set[str]) -> Iterator[FunctionDef]:
    functions = {
        function.signature.name: function for function in graph.library.function
    }
    waiting = [node for node in graph.node if node.name in needed]
    seen = set()
    while waiting:
        for name in sorted(called_functions(waiting.pop(), functions) - seen):
            seen.add(name)
            waiting += functions[name].node_def
            yield functions[name]


def _fetched(meta_graph):
    for signature in meta_graph.signature_def.values():
        for info in signature.outputs.values():
            yield info.name
            yield from (part.name for part in info.composite_tensor.components)
            sparse = info.coo_sparse
            yield from (sparse.values_tensor_name, sparse.indices_tensor_name,
                        sparse.dense_shape_tensor_name)  # fmt: skip
    yield meta_graph.saver_def.restore_op_name
    # Where TensorFlow 1 keeps its initialisation.
    for key in ("saved_model_main_op", "legacy_init_op"):
        if key in meta_graph.collection_def:
            yield from meta_graph.collection_def[key].node_list.value


def _node_name(tensor_name):
    return tensor_name.removeprefix("^").partition(":")[0]
