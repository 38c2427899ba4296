"""Proof before publication: the written model answers as the trained one does."""

from collections.abc import Iterable, Mapping

import numpy as np

from export.compatibility import SERVER_RELEASES, check
from export.golden_cases import GoldenCase

TOLERANCE = 1e-4


class VerificationError(RuntimeError):
    """A written SavedModel that must not be published."""


def verify(
    folder: str, cases: list[GoldenCase], *, releases: Iterable[str] = SERVER_RELEASES
) -> None:
    """Has a SavedModel loaded as servers load it, and compares its answers.

    Args:
        folder: the SavedModel.
        cases: requests, with what the live model answers.
        releases: the servers that must load and run it.

    Raises:
        VerificationError: a server would not load or run it, or answers otherwise.
        InputError: nobody has measured such a release.
    """
    rows = {case.signature: case.inputs for case in cases}
    report = check(folder, releases=releases, rows=rows)
    if not report.passed:
        raise VerificationError(
            f"A served model must load and run on every server.\n{report.to_text()}"
        )
    expected = {case.signature: case for case in cases}
    for run in report.runs:
        asked = {request.signature for request in run.requests}
        if asked != set(expected):
            raise VerificationError(
                "A served model must answer the golden requests to all its signatures. "
                f"Received: answers from {', '.join(sorted(asked)) or 'none'}."
            )
        for request, answers in zip(run.requests, run.answers, strict=True):
            compare(expected[request.signature], answers, releases=run.releases)


def compare(
    case: GoldenCase, received: Mapping[str, np.ndarray], *, releases: Iterable[str]
) -> None:
    """Requires equal strings and booleans, and numbers within `TOLERANCE`.

    The tolerance is absolute up to 1, which no score exceeds, and relative to
    what is expected above that.

    Args:
        case: what must be answered.
        received: arrays by output, rows first.
        releases: the servers that answer so, for messages.

    Raises:
        VerificationError: naming the first row and output that differ.
    """
    on = f"of {case.signature!r} on TensorFlow Serving {', '.join(releases)}"
    if set(received) != set(case.answers):
        raise VerificationError(
            f"The outputs {on} must be {sorted(case.answers)}. "
            f"Received: {sorted(received)}."
        )
    for output, expected in case.answers.items():
        if received[output].shape != expected.shape:
            raise VerificationError(
                f"The output {output!r} {on} must have the shape {expected.shape}. "
                f"Received: {received[output].shape}."
            )
        for row, name in enumerate(case.row_names):
            where = f"The output {output!r} of the golden row {name!r} {on}"
            _compare_row(where, received[output][row], expected[row])


def _compare_row(where, received, expected):
    if expected.dtype in (object, bool):
        if received.tolist() != expected.tolist():
            raise VerificationError(
                f"{where} must equal the model's, {expected.tolist()}. "
                f"Received: {received.tolist()}."
            )
        return
    difference = np.abs(received - expected).max() / max(1.0, np.abs(expected).max())
    # Written so that a NaN fails too.
    if not difference <= TOLERANCE:
        raise VerificationError(
            f"{where} must equal the model's within {TOLERANCE}. "
            f"Received: a difference of {difference:.3g}."
        )
