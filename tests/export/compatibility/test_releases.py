import importlib.metadata

import pytest

from export.compatibility.releases import (
    SERVER_RELEASES,
    find_releases,
    measured_releases,
)
from mmtf.errors import InputError
from tests.export.runtime.test_library import run_alone


def release(name):
    return find_releases([name])[0]


def test_releases_come_in_their_own_order():
    found = find_releases(["2.20", "2.14", "2.19"])

    assert [release.name for release in found] == ["2.14", "2.19", "2.20"]
    assert [r.name for r in find_releases(SERVER_RELEASES)] == list(SERVER_RELEASES)


def test_a_release_that_nobody_measured_is_refused():
    with pytest.raises(InputError, match=r"one of 2.14, .*2.20.*Received: '2.13'"):
        find_releases(["2.20", "2.13"])


@pytest.mark.parametrize(
    ("op", "first"),
    [
        ("MatMul", "2.14"),
        ("FastWordpieceTokenizeWithOffsets", "2.14"),
        ("SimpleMLInferenceOp", "2.14"),
        ("FFTND", "2.15"),
        ("WeightedFlatMapDataset", "2.17"),
        ("TFText>RoundRobinTrim", "2.20"),
        ("TFText>Utf8Binarize", "2.20"),
        ("DecodeWebP", "2.20"),
        ("DecodeJxl", "2.21"),
    ],
)
def test_ops_are_known_from_their_first_release_on(op, first):
    known = measured_releases()
    having = [name for name in known if op in release(name).ops]

    assert having == known[known.index(first) :]


def test_ops_that_were_taken_out_are_known_up_to_then():
    op = "TfLiteSubgraphExecute"

    assert op in release("2.18").ops
    assert op not in release("2.19").ops


def test_attributes_and_types_are_unknown_before_their_release():
    assert "bad_indices_policy" in release("2.16").unknown_attributes["GatherNd"]
    assert "GatherNd" not in release("2.17").unknown_attributes
    assert {"DT_HALF", "DT_BFLOAT16"} <= release("2.17").unknown_types["Range.Tidx"]
    assert "DT_HALF" not in release("2.18").unknown_types.get("Range.Tidx", ())


def test_text_libraries_are_those_that_the_server_links():
    assert len(release("2.19").text_libraries) == 21
    assert set(release("2.20").text_libraries) - set(
        release("2.19").text_libraries
    ) == {
        "trimmer_ops",
        "utf8_binarize_op",
    }


def test_the_installed_tensorflow_is_in_the_table():
    code = """
    from export.protocol import OpList
    from export.runtime.library import load_runtime
    ops = OpList.FromString(load_runtime([]).TF_GetAllOpList().contents.read())
    print(*(op.name for op in ops.op if not op.name.startswith("_")))
    """
    installed = set(run_alone(code)[0].split())
    name = ".".join(importlib.metadata.version("tensorflow").split(".")[:2])

    assert installed <= release(name).ops


def test_the_installed_text_ops_are_those_of_the_newest_server():
    code = """
    from export.protocol import OpList
    from export.runtime.library import load_runtime
    def names():
        ops = OpList.FromString(load_runtime([]).TF_GetAllOpList().contents.read())
        return {op.name for op in ops.op}
    core = names()
    load_runtime()
    print(*(names() - core))
    """
    installed = set(run_alone(code)[0].split())

    assert len(installed) == 38
    assert installed <= release("2.20").ops
    assert len(installed - release("2.19").ops) == 3
