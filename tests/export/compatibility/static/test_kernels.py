from export.compatibility.static.kernels import find
from export.protocol import DataType


def test_ops_that_run_on_the_cpu_pass(place, servers):
    places = [
        place("MatMul", T=DataType.DT_FLOAT),
        place("AccumulateNV2", T=DataType.DT_FLOAT),
        place("Range", Tidx=DataType.DT_INT32),
        place("CudnnRNNV3", runs=False),
    ]
    assert list(find(places, servers)) == []


def test_an_op_for_gpus_only_is_found(place, servers):
    (finding,) = find([place("CudnnRNNV3")], servers)

    assert (finding.kind, len(finding.releases)) == ("no-cpu-kernel", 5)
    assert "use_cudnn=False" in finding.mend


def test_python_calls_and_xla_are_left_to_their_own_rules(place, servers):
    assert list(find([place("PyFunc"), place("XlaSetBound")], servers)) == []


def test_a_type_that_came_later_is_found(place, servers):
    (finding,) = find([place("Range", Tidx=DataType.DT_BFLOAT16)], servers)

    assert finding.releases == ("2.16", "2.17")
    assert "'Range' does not take DT_BFLOAT16 for 'Tidx'" in finding.problem


def test_types_in_lists_count_too(place, servers):
    node = place("Range")
    node.node.attr["Tidx"].list.type.append(DataType.DT_HALF)

    (finding,) = find([node], servers)

    assert "DT_HALF" in finding.problem
