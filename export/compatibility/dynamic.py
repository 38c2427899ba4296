"""What went wrong when a SavedModel was loaded and run."""

import re
from collections.abc import Iterator

import numpy as np

from export.compatibility.findings import Finding
from export.compatibility.graph import Place
from export.compatibility.requests import MADE_UP, Request
from export.compatibility.trial import Trial
from export.runtime.status import Code, StatusError

_OP = re.compile(r"Op type not registered '([^']+)'|support Op '([^']+)'")
_NODE = re.compile(r"\{\{node ([^}]+)\}\}")
_FUNCTION = re.compile(r"\{\{function_node ([^}]+)\}\}")
_LONGEST = 400
_MENDS = {
    "Op type not registered": "Write it with ops that the server has.",
    "No OpKernel was registered": "Write it with ops that run on the server's CPU.",
    "XLA compilation disabled": "Leave out jit_compile=True.",
    "Could not find variable": "Write it with keras.export.ExportArchive: "
    "tf.saved_model.save on a tf.Module that holds a Keras 3 model gives its variables "
    "other names than its graph reads.",
    "Cannot assign a device": "Write the model without tf.device.",
}
_OTHERWISE = "Mend what these words say, and write the model again."


def read_trial(
    trial: Trial,
    requests: list[Request],
    places: list[Place],
    releases: tuple[str, ...],
) -> list[Finding]:
    """Turns failures into findings.

    Args:
        trial: what happened.
        requests: what was run.
        places: the graph's nodes, to tell a node's op.
        releases: the servers that the trial stood for.
    """
    findings = []
    if trial.loading and trial.loading.code:
        findings.append(_failure("load", "loading", trial.loading, places, releases))
    for request, outcome in zip(requests, trial.outcomes, strict=False):
        if not isinstance(outcome, StatusError):
            findings += _row_faults(request, outcome, releases)
        elif not is_refusal(request, outcome):
            what = f"running {request.signature!r} on {request.source}"
            findings.append(_failure("run", what, outcome, places, releases))
    if trial.crash:
        findings.append(_crash(trial, requests, releases))
    return findings


def is_refusal(request: Request, outcome: object) -> bool:
    """Whether a model only refused made-up rows, which says nothing against it."""
    return (
        request.source == MADE_UP
        and isinstance(outcome, StatusError)
        and outcome.code in (Code.INVALID_ARGUMENT, Code.OUT_OF_RANGE)
        and not any(words in outcome.message for words in _MENDS)
    )


def _failure(kind, what, error, places, releases):
    message = error.message
    op, node, function = _find(message, places)
    words = " ".join(message.split())
    if len(words) > _LONGEST:
        words = words[:_LONGEST] + "..."
    mends = [mend for start, mend in _MENDS.items() if start in message]
    return Finding(
        kind,
        releases,
        f"{what} failed with {error.code.name}: {words}",
        mends[0] if mends else _OTHERWISE,
        op,
        node,
        function,
    )


def _find(message, places):
    """The op, node and function that a status names, as far as it does."""
    op, node, function = (
        next((group for group in match.groups() if group), "") if match else ""
        for match in (p.search(message) for p in (_OP, _NODE, _FUNCTION))
    )
    for place in places:
        if (node and place.node.name == node and place.function == function) or (
            not node and op and place.node.op == op
        ):
            return place.node.op, place.node.name, place.function
    return op, node, function


def _row_faults(
    request: Request, outputs: dict[str, np.ndarray], releases: tuple[str, ...]
) -> Iterator[Finding]:
    for name, array in sorted(outputs.items()):
        # One row could as well be a fixed size.
        if (request.num_rows or 0) > 1 and array.shape[:1] != (request.num_rows,):
            yield Finding(
                "output-shape",
                releases,
                f"the output {name!r} of the signature {request.signature!r} had the "
                f"shape {array.shape} for {request.num_rows} rows, which batching and "
                "REST refuse",
                "Give it one row for each row of the inputs.",
            )


def _crash(trial, requests, releases):
    what = "loading"
    if trial.loading and len(trial.outcomes) < len(requests):
        request = requests[len(trial.outcomes)]
        what = f"running {request.signature!r} on {request.source}"
    return Finding(
        "crash",
        releases,
        f"the process {trial.crash}, while {what}",
        "Keep it away from servers: it would take them down as well.",
    )
