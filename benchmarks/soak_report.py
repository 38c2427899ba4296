"""What a soak sent, and what went wrong."""

from collections import Counter
from dataclasses import dataclass, field

_MAX_NOTES = 20


@dataclass
class Report:
    """Requests by kind, and failures.

    Attributes:
        counts: such as `{"good, gRPC": 812, "PNG bomb, REST": 3}`.
        num_failures: what was not as it must be.
        notes: the first of these, in words.
    """

    counts: Counter = field(default_factory=Counter)
    num_failures: int = 0
    notes: list[str] = field(default_factory=list)

    def fail(self, note: str) -> None:
        """Notes a failure."""
        self.num_failures += 1
        if len(self.notes) < _MAX_NOTES:
            self.notes.append(note)

    def __iadd__(self, other: "Report") -> "Report":
        self.counts += other.counts
        self.num_failures += other.num_failures
        self.notes = [*self.notes, *other.notes][:_MAX_NOTES]
        return self


def format_report(report: Report) -> str:
    """Text for a terminal; failures come last."""
    good = sum(n for name, n in report.counts.items() if name.startswith("good, "))
    lines = [f"{report.counts.total()} requests, {good} of them good:"]
    width = max(map(len, report.counts), default=0)
    lines += [f"  {name:<{width}} {n:7}" for name, n in sorted(report.counts.items())]
    lines.append(f"{report.num_failures} failures.")
    return "\n".join([*lines, *(f"  {note}" for note in report.notes)])
