from export.compatibility.graph import find_places
from export.protocol import MetaGraphDef


def meta_graph():
    """An output `y` that calls `used`, and much that nothing needs."""
    meta_graph = MetaGraphDef()
    meta_graph.signature_def["s"].outputs["y"].name = "y:0"
    graph = meta_graph.graph_def
    graph.node.add(name="x", op="Placeholder")
    graph.node.add(name="before", op="NoOp")
    y = graph.node.add(name="y", op="PartitionedCall", input=["x:0", "^before"])
    y.attr["f"].func.name = "used"
    graph.node.add(name="aside", op="unused")
    for name in ("used", "inner", "branch", "unused"):
        function = graph.library.function.add()
        function.signature.name = name
        function.node_def.add(name=f"in_{name}", op="Mul")
    call = graph.library.function[0].node_def
    call.add(name="direct", op="inner")
    call.add(name="case", op="Case").attr["branches"].list.func.add(name="branch")
    return meta_graph


def running(meta_graph):
    places = find_places(meta_graph)
    return {(place.function, place.node.name) for place in places if place.runs}


def test_what_an_output_needs_runs_and_so_do_functions_that_it_calls():
    assert running(meta_graph()) == {
        ("", "x"),
        ("", "before"),
        ("", "y"),
        ("used", "in_used"),
        ("used", "direct"),
        ("used", "case"),
        ("inner", "in_inner"),
        ("branch", "in_branch"),
    }


def test_the_rest_of_the_graph_is_imported_only():
    places = find_places(meta_graph())

    assert [p.node.name for p in places if not p.runs] == ["aside"]
    assert "unused" not in {place.function for place in places}


def test_restoring_and_initialising_run_as_well():
    graph = meta_graph()
    graph.graph_def.node.add(name="restore", op="RestoreV2")
    graph.graph_def.node.add(name="init", op="NoOp")
    graph.saver_def.restore_op_name = "restore"
    graph.collection_def["saved_model_main_op"].node_list.value.append("init")

    assert {("", "restore"), ("", "init")} <= running(graph)


def test_functions_that_call_each_other_end():
    graph = meta_graph()
    library = graph.graph_def.library.function
    library[1].node_def.add(name="again", op="used")

    assert ("inner", "again") in running(graph)


def test_parts_of_composite_outputs_run():
    graph = meta_graph()
    graph.graph_def.node.add(name="values", op="Mul")
    output = graph.signature_def["s"].outputs["ragged"]
    output.composite_tensor.components.add(name="values:0")

    assert ("", "values") in running(graph)
