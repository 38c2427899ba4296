import json

import pytest

from export.compatibility.findings import Finding
from export.compatibility.report import Report, Run
from export.compatibility.requests import GIVEN, MADE_UP, Request

ALL = ("2.17", "2.18", "2.19", "2.20")


@pytest.fixture
def report():
    error = Finding("unknown-op", ALL[:3], "no op", "Leave it out.", "Trim", "a", "f")
    note = Finding("device-pin", ("2.17", "2.20"), "tied", "Untie it.", fatal=False)
    requests = [
        Request("s", {}, GIVEN),
        Request("s", {}, GIVEN),
        Request("t", {}, MADE_UP),
    ]
    run = Run(ALL[:3], "TensorFlow 2.21.0", requests, [{}, None, {}], ["u was not run"])
    return Report("models/x/1", ALL, [error, note], [run])


def test_a_report_has_a_line_a_release_and_then_the_findings(report):
    assert (
        report.to_text()
        == """\
models/x/1
  2.17  fails, 1 error, 1 note
  2.18  fails, 1 error
  2.19  fails, 1 error
  2.20  passes, 1 note

2.17 to 2.19 error: Trim, node 'a', in function 'f': no op. Leave it out.

2.17, 2.20 note: tied. Untie it.

Tried for 2.17 to 2.19, TensorFlow 2.21.0:
  s: 1 of 2 requests answered, from the given rows
  t: 1 of 1 requests answered, from made-up rows
  u was not run"""
    )


def test_a_report_as_json_has_the_same(report):
    data = json.loads(report.to_json())

    assert data["passed"] is False
    assert data["releases"] == {
        "2.17": False,
        "2.18": False,
        "2.19": False,
        "2.20": True,
    }
    assert data["findings"][0]["op"] == "Trim"
    assert data["findings"][1]["fatal"] is False
    assert data["runs"][0]["tried"][-1] == "u was not run"


def test_notes_do_not_fail(report):
    assert not report.passed
    assert Report("m", ALL, report.findings[1:], []).passed
