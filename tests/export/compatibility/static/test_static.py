from export.compatibility.releases import find_releases
from export.compatibility.static import find_faults
from export.protocol import MetaGraphDef


def test_every_rule_is_applied_and_like_nodes_are_one():
    meta_graph = MetaGraphDef()
    node = meta_graph.graph_def.node
    for name in ("a", "b"):
        node.add(name=name, op="PyFunc", device="/gpu:0")
    node.add(name="y", op="Custom>Op", input=["a", "b"])
    output = meta_graph.signature_def["s"].outputs["y"]
    output.name = "y:0"
    output.tensor_shape.SetInParent()

    findings = find_faults(meta_graph, find_releases(["2.20"]))

    assert [(f.kind, f.node, f.more_nodes) for f in findings] == [
        ("unknown-op", "y", 0),
        ("python-call", "a", 1),
        ("device-pin", "a", 1),
        ("output-type", "y", 0),
        ("output-shape", "y", 0),
    ]
