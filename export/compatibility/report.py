"""The outcome of a check, for people and for programs."""

import json
from dataclasses import asdict, dataclass

import numpy as np

from export.compatibility.findings import Finding
from export.compatibility.requests import Request


@dataclass(frozen=True)
class Run:
    """One load of a SavedModel with all requests, and what it stands for.

    Attributes:
        releases: the servers that have these kernels.
        runtime: whose C++ runtime it was.
        requests: what was run.
        answers: to each of them, arrays by output; None where it was refused or
            failed.
        notes: what was not run, and why.
    """

    releases: tuple[str, ...]
    runtime: str
    requests: list[Request]
    answers: list[dict[str, np.ndarray] | None]
    notes: list[str]


@dataclass(frozen=True)
class Report:
    """What a check has found out.

    Attributes:
        folder: the SavedModel.
        releases: the servers it was checked against.
        findings: what they would stumble over.
        runs: what was tried.
    """

    folder: str
    releases: tuple[str, ...]
    findings: list[Finding]
    runs: list[Run]

    @property
    def passed(self) -> bool:
        """Whether every server would load and run it."""
        return not any(finding.fatal for finding in self.findings)

    def findings_for(self, release: str) -> list[Finding]:
        """Those that concern one server."""
        return [f for f in self.findings if release in f.releases]

    def to_text(self) -> str:
        """A line for each release, then the findings, then what was tried."""
        lines = [self.folder]
        lines += [f"  {name:5} {self._verdict(name)}" for name in self.releases]
        for finding in self.findings:
            word = "error" if finding.fatal else "note"
            lines += ["", f"{_span(finding.releases, self.releases)} {word}: {finding}"]
        for run in self.runs:
            lines += [
                "",
                f"Tried for {_span(run.releases, self.releases)}, {run.runtime}:",
            ]
            lines += [f"  {line}" for line in _tried(run)]
        return "\n".join(lines)

    def to_json(self) -> str:
        """The same, as JSON."""
        verdicts = {
            name: not any(finding.fatal for finding in self.findings_for(name))
            for name in self.releases
        }
        return json.dumps(
            {
                "folder": self.folder,
                "passed": self.passed,
                "releases": verdicts,
                "findings": [asdict(finding) for finding in self.findings],
                "runs": [
                    {
                        "releases": run.releases,
                        "runtime": run.runtime,
                        "tried": _tried(run),
                    }
                    for run in self.runs
                ],
            }
        )

    def _verdict(self, release):
        findings = self.findings_for(release)
        errors = sum(finding.fatal for finding in findings)
        notes = len(findings) - errors
        parts = ["fails" if errors else "passes"]
        counts = [(errors, "error"), (notes, "note")]
        parts += [f"{n} {word}{'s' * (n > 1)}" for n, word in counts if n]
        return ", ".join(parts)


def _span(names, order):
    """`2.14 to 2.19` for releases that follow one another."""
    places = [order.index(name) for name in names]
    if len(places) > 2 and places == list(range(places[0], places[-1] + 1)):
        return f"{names[0]} to {names[-1]}"
    return ", ".join(names)


def _tried(run: Run) -> list[str]:
    """One line for each signature and source, with how many rows were answered."""
    counts = {}
    for request, answer in zip(run.requests, run.answers, strict=True):
        ran = counts.setdefault((request.signature, request.source), [0, 0])
        ran[0] += 1
        ran[1] += answer is not None
    lines = [
        f"{signature}: {answered} of {asked} requests answered, from {source}"
        for (signature, source), (asked, answered) in counts.items()
    ]
    return lines + run.notes
