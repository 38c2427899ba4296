from export.compatibility.static.unknown_ops import find


def test_known_ops_functions_and_internal_ops_pass(place, servers):
    ops = ("MatMul", "CaseFoldUTF8", "SimpleMLInferenceOp", "my_function", "_Retval")

    assert list(find([place(op) for op in ops], {"my_function"}, servers)) == []


def test_an_op_is_unknown_to_older_releases(place, servers):
    (finding,) = find([place("DecodeWebP")], {}, servers)

    assert finding.releases == ("2.16", "2.17", "2.18", "2.19")
    assert (finding.op, finding.node, finding.function) == ("DecodeWebP", "n", "f")
    assert "newer release" in finding.mend


def test_nodes_that_do_not_run_are_imported_all_the_same(place, servers):
    (finding,) = find([place("DecodeWebP", function="", runs=False)], {}, servers)

    assert finding.op == "DecodeWebP"


def test_an_op_of_nobodys_needs_another_server(place, servers):
    (finding,) = find([place("Custom>Op")], {}, servers)

    assert len(finding.releases) == len(servers)
    assert "server of your own" in finding.mend


def test_the_round_robin_trimmer_has_a_way_out_of_its_own(place, servers):
    (finding,) = find([place("TFText>RoundRobinTrim")], {}, servers[:3])

    assert "truncate='waterfall'" in finding.mend
