import pytest

from export.compatibility.static.python_calls import find


@pytest.mark.parametrize("op", ["PyFunc", "PyFuncStateless", "EagerPyFunc"])
def test_calls_into_python_are_found(place, servers, op):
    (finding,) = find([place("MatMul"), place(op)], servers)

    assert (finding.op, len(finding.releases)) == (op, 5)


def test_what_never_runs_does_not_matter(place, servers):
    assert list(find([place("PyFunc", runs=False)], servers)) == []
