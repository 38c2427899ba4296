import numpy as np
import pytest

from export.compatibility.dynamic import is_refusal, read_trial
from export.compatibility.graph import Place
from export.compatibility.requests import GIVEN, MADE_UP, Request
from export.compatibility.trial import Trial
from export.protocol import NodeDef
from export.runtime import Code, StatusError

OK = StatusError(Code.OK, "")
ROWS = {"x": np.zeros((3, 4))}
PLACES = [
    Place(NodeDef(name="trim", op="Trim"), "f", True),
    Place(NodeDef(name="read", op="ReadVariableOp"), "f", True),
]


def failing(code, message, source=GIVEN):
    """The findings of one request that failed so."""
    outcome = StatusError(code, message)
    request = Request("embed", ROWS, source)
    return read_trial(Trial(OK, [outcome]), [request], PLACES, ("2.20",))


@pytest.mark.parametrize(
    ("message", "op", "mend"),
    [
        ("Op type not registered 'Trim' in binary", "Trim", "that the server has"),
        ("No OpKernel was registered to support Op 'Trim' used", "Trim", "CPU"),
        (
            "Could not find variable v {{function_node f}}{{node read}}",
            "ReadVariableOp",
            "keras.export.ExportArchive",
        ),
        ("XLA compilation disabled {{node elsewhere}}", "", "jit_compile"),
        ("anything else", "", "what these words say"),
    ],
)
def test_a_failure_names_what_its_words_name(message, op, mend):
    (finding,) = failing(Code.INTERNAL, message)

    assert (finding.kind, finding.op, finding.releases) == ("run", op, ("2.20",))
    assert "running 'embed' on the given rows failed with INTERNAL: " in str(finding)
    assert mend in finding.mend


def test_a_node_that_is_named_is_found_in_its_function():
    (finding,) = failing(Code.INTERNAL, "{{function_node f}}{{node read}}")

    assert (finding.node, finding.function) == ("read", "f")


def test_long_words_are_cut():
    (finding,) = failing(Code.INTERNAL, "word " * 1000)

    assert len(finding.problem) < 500
    assert finding.problem.endswith("...")


def test_made_up_rows_may_be_refused():
    refusal = StatusError(Code.INVALID_ARGUMENT, "Input is empty.")
    made_up = Request("s", ROWS, MADE_UP)

    assert is_refusal(made_up, refusal)
    assert not is_refusal(Request("s", ROWS, GIVEN), refusal)
    assert not is_refusal(made_up, {"y": np.zeros(1)})
    assert not is_refusal(made_up, StatusError(Code.INTERNAL, "Input is empty."))
    assert failing(Code.INVALID_ARGUMENT, "Input is empty.", MADE_UP) == []


def test_a_missing_kernel_is_no_refusal():
    message = "No OpKernel was registered to support Op 'PyFunc'"

    assert len(failing(Code.INVALID_ARGUMENT, message, MADE_UP)) == 1


def test_loading_that_failed_is_found():
    trial = Trial(StatusError(Code.NOT_FOUND, "Op type not registered 'Trim'"), [])

    (finding,) = read_trial(trial, [Request("s", ROWS, GIVEN)], PLACES, ("2.19",))

    assert (finding.kind, finding.op, finding.node) == ("load", "Trim", "trim")
    assert finding.problem.startswith("loading failed with NOT_FOUND: Op type")


@pytest.mark.parametrize(
    ("loading", "outcomes", "doing"),
    [
        (None, [], "while loading"),
        (OK, [], "while running 'first'"),
        (OK, [{}], "while running 'second'"),
    ],
)
def test_a_crash_names_what_was_being_done(loading, outcomes, doing):
    requests = [Request("first", {}, GIVEN), Request("second", {}, GIVEN)]

    trial = Trial(loading, outcomes, "was ended by SIGSEGV")
    (finding,) = read_trial(trial, requests, [], ("2.20",))

    assert finding.kind == "crash"
    assert "the process was ended by SIGSEGV" in finding.problem
    assert doing in finding.problem


def test_outputs_must_have_the_rows_of_the_inputs():
    answers = {"good": np.zeros((3, 9)), "bad": np.zeros(4), "scalar": np.zeros(())}
    request = Request("s", ROWS, GIVEN)

    findings = read_trial(Trial(OK, [answers]), [request], [], ("2.20",))

    assert [finding.problem.split("'")[1] for finding in findings] == ["bad", "scalar"]


def test_one_row_tells_nothing_about_outputs():
    request = Request("s", {"x": np.zeros((1, 4))}, MADE_UP)

    assert read_trial(Trial(OK, [{"y": np.zeros(5)}]), [request], [], ("2.20",)) == []
