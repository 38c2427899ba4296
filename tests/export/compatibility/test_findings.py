from dataclasses import replace

from export.compatibility.findings import Finding, join_releases, merge_repeated

FINDING = Finding("kind", ("2.19",), "it is broken", "Mend it.", "Mul", "a/b", "f")


def test_a_finding_reads_as_a_sentence_with_its_place():
    assert str(FINDING) == ("Mul, node 'a/b', in function 'f': it is broken. Mend it.")
    assert str(Finding("kind", (), "all is lost", "Start anew.")) == (
        "all is lost. Start anew."
    )


def test_the_same_problem_elsewhere_is_counted():
    elsewhere = replace(FINDING, node="c", function="")
    other = replace(FINDING, problem="it is late")

    merged = merge_repeated([FINDING, elsewhere, other, elsewhere])

    assert merged == [replace(FINDING, more_nodes=2), other]
    assert "and 2 more: it is broken" in str(merged[0])


def test_a_failure_on_several_servers_is_one():
    first = replace(FINDING, problem="running failed: no a")
    later = replace(first, releases=("2.20",), problem="running failed: no b")
    other = replace(later, problem="loading failed: no c")

    assert join_releases([first, later, other]) == [
        replace(first, releases=("2.19", "2.20")),
        other,
    ]
