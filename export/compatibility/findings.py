"""What a check finds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from export.compatibility.graph import Place


@dataclass(frozen=True)
class Finding:
    """One reason why a server would not load or run a model as it is.

    Attributes:
        kind: a short name of the rule, such as `unknown-op`.
        releases: the servers that it concerns, such as `("2.14", "2.15")`.
        problem: what is wrong.
        mend: what would make it right, as a sentence.
        op: the type of the operation, if it is about one.
        node: its name in the graph.
        function: the library function that it is in; empty for the graph itself.
        fatal: whether the check fails for it. What is not fatal runs, but perhaps
            not as it was meant to.
        more_nodes: how many other nodes have the same problem.
    """

    kind: str
    releases: tuple[str, ...]
    problem: str
    mend: str
    op: str = ""
    node: str = ""
    function: str = ""
    fatal: bool = True
    more_nodes: int = 0

    @classmethod
    def at(
        cls,
        place: Place,
        kind: str,
        releases: Iterable[str],
        problem: str,
        mend: str,
        *,
        fatal: bool = True,
    ) -> "Finding":
        """One about a node."""
        node = place.node
        return cls(
            kind,
            tuple(releases),
            problem,
            mend,
            node.op,
            node.name,
            place.function,
            fatal,
        )

    def __str__(self):
        return f"{self._place()}{self.problem}. {self.mend}"

    def _place(self):
        parts = [self.op] if self.op else []
        if self.node:
            parts.append(f"node {self.node!r}")
        if self.function:
            parts.append(f"in function {self.function!r}")
        if self.more_nodes:
            parts.append(f"and {self.more_nodes} more")
        return f"{', '.join(parts)}: " if parts else ""


def merge_repeated(findings: Iterable[Finding]) -> list[Finding]:
    """Keeps the first of those that differ in nothing but the place."""
    first, counts = {}, {}
    for finding in findings:
        key = replace(finding, op="", node="", function="")
        first.setdefault(key, finding)
        counts[key] = counts.get(key, -1) + 1
    return [replace(first[key], more_nodes=counts[key]) for key in first]


def join_releases(findings: Iterable[Finding]) -> list[Finding]:
    """Makes one of failures that happened alike on several servers.

    Alike means what stands before the first colon of the problem: which of several
    nodes fails first is chance.
    """
    first, releases = {}, {}
    for finding in findings:
        what = finding.problem.partition(": ")[0]
        key = (finding.kind, what, finding.mend, finding.function)
        first.setdefault(key, finding)
        releases[key] = (*releases.get(key, ()), *finding.releases)
    return [replace(first[key], releases=releases[key]) for key in first]
