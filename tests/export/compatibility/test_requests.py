import numpy as np
import pytest

from export.compatibility.requests import (
    GIVEN,
    MADE_UP,
    WARM_UP,
    Request,
    choose_requests,
    make_up_inputs,
)
from export.protocol import DataType, SignatureDef
from tests.export.compatibility.test_warm_up import write_warm_up


def signature(**inputs):
    """A SignatureDef of `name=(type, *sizes)`; no sizes at all: of any rank."""
    result = SignatureDef()
    for name, (kind, *sizes) in inputs.items():
        info = result.inputs[name]
        info.name, info.dtype = f"{name}:0", DataType.Value(f"DT_{kind}")
        info.tensor_shape.unknown_rank = not sizes
        for size in sizes:
            info.tensor_shape.dim.add(size=size)
    return result


def test_one_row_is_made_up_of_zeros_and_empty_strings():
    inputs = make_up_inputs(
        signature(a=("STRING", -1), b=("FLOAT", -1, 3), c=("BFLOAT16", 2), d=("BOOL",))
    )

    assert inputs["a"].tolist() == [b""]
    assert inputs["b"].tolist() == [[0.0, 0.0, 0.0]]
    assert (inputs["c"].shape, inputs["c"].dtype.name) == ((2,), "bfloat16")
    assert inputs["d"].tolist() == [False]


@pytest.mark.parametrize(
    ("kind", "reason"), [("RESOURCE", "'a', a DT_RESOURCE"), ("QINT8", "a DT_QINT8")]
)
def test_what_cannot_be_made_up_is_said(kind, reason):
    assert reason in make_up_inputs(signature(a=(kind, -1)))


def test_a_composite_input_cannot_be_made_up():
    composite = signature(a=("VARIANT", -1))
    composite.inputs["a"].name = ""

    assert make_up_inputs(composite) == "its input 'a' is no plain tensor"


def test_given_rows_go_before_warm_up_records_and_those_before_made_up(tmp_path):
    write_warm_up(tmp_path, {"given": [b"1"], "warm": [b"2"]})
    names = ("given", "warm", "bare", "lost", "__saved_model_init_op")
    signatures = {name: signature(x=("STRING", -1)) for name in names}
    signatures["lost"] = signature(x=("VARIANT", -1))
    rows = {"given": {"x": np.array([b"3"], object)}}

    requests, reasons = choose_requests(str(tmp_path), signatures, rows)

    found = [(r.signature, r.inputs["x"].tolist(), r.source) for r in requests]
    assert found == [
        ("given", [b"3"], GIVEN),
        ("warm", [b"2"], WARM_UP),
        ("bare", [b""], MADE_UP),
    ]
    assert list(reasons) == ["lost"]


@pytest.mark.parametrize(
    ("shapes", "rows"),
    [([(3, 2), (3,)], 3), ([(3,), (2,)], None), ([()], None), ([], None)],
)
def test_rows_are_what_all_inputs_have(shapes, rows):
    inputs = {str(shape): np.zeros(shape) for shape in shapes}

    assert Request("s", inputs, GIVEN).num_rows == rows
