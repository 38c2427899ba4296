"""What mmtf exports would be served by every release."""

import os

import pytest

from export.compatibility import check


@pytest.mark.large
def test_an_mmtf_export_passes_every_release(published_model):
    report = check(os.path.join(published_model, "1"))

    assert report.passed, report.to_text()
    assert len(report.releases) == 7
    assert [run.releases for run in report.runs] == [
        ("2.14", "2.15", "2.16", "2.17", "2.18", "2.19"),
        ("2.20",),
    ]
    for run in report.runs:
        assert run.requests
        assert None not in run.answers
