import pytest

from export.compatibility.static.xla import find
from export.protocol import FunctionDef


def function(op, *, compiled):
    result = FunctionDef()
    result.node_def.add(name="body", op=op)
    if compiled is not None:
        result.attr["_XlaMustCompile"].b = compiled
    return result


@pytest.fixture
def caller(place):
    call = place("PartitionedCall")
    call.node.attr["f"].func.name = "g"
    return call


def test_a_call_of_a_compiled_function_is_found(caller, servers):
    (finding,) = find([caller], {"g": function("Mul", compiled=True)}, servers)

    assert (finding.kind, finding.op, finding.node) == (
        "needs-xla", "PartitionedCall", "n",
    )  # fmt: skip
    assert finding.mend == "Leave out jit_compile=True."


def test_a_call_that_says_so_itself_is_found(caller, servers):
    caller.node.attr["_XlaMustCompile"].b = True

    (finding,) = find([caller], {"g": function("Mul", compiled=None)}, servers)

    assert finding.kind == "needs-xla"


@pytest.mark.parametrize("compiled", [None, False])
def test_other_functions_pass(caller, servers, compiled):
    assert (
        list(find([caller], {"g": function("Mul", compiled=compiled)}, servers)) == []
    )


def test_a_compiled_convolution_is_a_grouped_one(caller, servers):
    (finding,) = find([caller], {"g": function("Conv2D", compiled=True)}, servers)

    assert "groups > 1" in finding.mend


def test_an_op_of_xlas_own_is_found(place, servers):
    places = [place("XlaDynamicUpdateSlice"), place("XlaDot", runs=False)]

    (finding,) = find(places, {}, servers)

    assert finding.op == "XlaDynamicUpdateSlice"
    assert "slice_update" in finding.mend
