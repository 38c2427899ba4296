import pytest

from export.compatibility.static.outputs import find
from export.protocol import DataType, SignatureDef


def add(infos, name, kind, sizes):
    infos[name].name, infos[name].dtype = f"{name}:0", DataType.Value(f"DT_{kind}")
    infos[name].tensor_shape.unknown_rank = sizes is None
    for size in sizes or ():
        infos[name].tensor_shape.dim.add(size=size)


def faults(servers, kind="FLOAT", sizes=(-1, 3), inputs=(-1,)):
    signature = SignatureDef()
    add(signature.inputs, "x", "STRING", inputs)
    add(signature.outputs, "y", kind, sizes)
    signatures = {"serving_default": signature, "__saved_model_init_op": signature}
    return [finding.problem for finding in find(signatures, servers)]


@pytest.mark.parametrize("sizes", [(-1,), (-1, 3), None])
def test_outputs_with_a_row_for_each_row_pass(servers, sizes):
    assert faults(servers, sizes=sizes) == []


def test_a_scalar_is_found(servers):
    (problem,) = faults(servers, sizes=())

    assert "'y' of the signature 'serving_default' is a scalar" in problem


def test_a_fixed_number_of_rows_is_found_if_the_inputs_have_any(servers):
    (problem,) = faults(servers, sizes=(1, 3))

    assert "always has 1 rows" in problem
    assert faults(servers, sizes=(2, 3), inputs=(2,)) == []


@pytest.mark.parametrize("kind", ["HALF", "BFLOAT16", "COMPLEX64", "VARIANT"])
def test_types_that_rest_cannot_write_are_found(servers, kind):
    (problem,) = faults(servers, kind=kind)

    assert f"is DT_{kind}, which REST cannot write" in problem
