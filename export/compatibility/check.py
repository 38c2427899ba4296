"""Checks a SavedModel against releases of the stock server."""

import importlib.metadata
import os
from collections.abc import Iterable, Mapping

import numpy as np

from export.compatibility.dynamic import is_refusal, read_trial
from export.compatibility.findings import Finding, join_releases
from export.compatibility.graph import find_places
from export.compatibility.releases import (
    FOREST_OPS,
    SERVER_RELEASES,
    find_releases,
)
from export.compatibility.report import Report, Run
from export.compatibility.requests import Request, choose_requests
from export.compatibility.saved_model import read_meta_graph
from export.compatibility.static import find_faults
from export.compatibility.trial import try_out
from export.protocol import MetaGraphDef
from export.runtime.status import StatusError
from mmtf.errors import InputError


def check(
    folder: str,
    *,
    releases: Iterable[str] = SERVER_RELEASES,
    rows: Mapping[str, Mapping[str, np.ndarray]] | None = None,
    runtimes: Mapping[str, str] | None = None,
) -> Report:
    """Finds out whether servers would load a SavedModel, and run it.

    First its graph is held against what each release has; then child processes
    load it, by the server's own loader and with the kernels that each release
    links, and run its signatures. No Python TensorFlow takes part.

    Args:
        folder: any SavedModel, such as MODELS/NAME/1.
        releases: of tensorflow_model_server.
        rows: inputs by signature, as arrays by name. Without, a signature is run
            on the model's own warm-up records, and without those on one made-up
            row of zeros and empty strings.
        runtimes: by release, a folder in which the wheels of its own TensorFlow
            and tensorflow-text lie unpacked, to run it on these.

    Raises:
        InputError: it is no SavedModel, or nobody has measured such a release.
    """
    folder = os.fspath(folder)
    servers = find_releases(releases)
    _require_known(runtimes or {}, servers)
    meta_graph = read_meta_graph(folder)
    requests, notes = choose_requests(folder, meta_graph.signature_def, rows)
    faults, failures, runs = find_faults(meta_graph, servers), [], []
    for (libraries, runtime), names in _kernel_sets(servers, runtimes or {}).items():
        run, found = _run(
            folder, meta_graph, requests, names, libraries=libraries, runtime=runtime
        )
        run.notes.extend(notes)
        runs.append(run)
        failures += _unsaid(found, faults)
    findings = faults + join_releases(failures)
    return Report(folder, tuple(s.name for s in servers), findings, runs)


def _require_known(runtimes, servers):
    names = [server.name for server in servers]
    for name in sorted(set(runtimes) - set(names)):
        raise InputError(
            f"A runtime must be for one of the releases checked, {', '.join(names)}. "
            f"Received: {name!r}."
        )


def _kernel_sets(servers, runtimes):
    """Names of servers by what they run on; one load stands for all of them."""
    sets = {}
    for server in servers:
        key = (server.text_libraries, runtimes.get(server.name))
        sets[key] = (*sets.get(key, ()), server.name)
    return sets


def _run(
    folder: str,
    meta_graph: MetaGraphDef,
    requests: list[Request],
    releases: tuple[str, ...],
    *,
    libraries: tuple[str, ...],
    runtime: str | None,
) -> tuple[Run, list[Finding]]:
    named = f"the runtime in {runtime}" if runtime else _installed()
    places = find_places(meta_graph)
    forest_ops = {place.node.op for place in places} & FOREST_OPS
    if forest_ops:
        note = (
            f"nothing was run: {', '.join(sorted(forest_ops))} of TensorFlow Decision "
            "Forests are in the server, but not here"
        )
        return Run(releases, named, [], [], [note]), []
    trial = try_out(folder, requests, text_libraries=libraries, runtime_folder=runtime)
    unanswered = len(requests) - len(trial.outcomes)
    outcomes = [*trial.outcomes, *[None] * unanswered]
    answers = [None if isinstance(o, StatusError) else o for o in outcomes]
    notes = [
        f"{request.signature}: refused {request.source}, which may be right: {outcome}"
        for request, outcome in zip(requests, outcomes, strict=True)
        if is_refusal(request, outcome)
    ]
    findings = read_trial(trial, requests, places, releases)
    return Run(releases, named, requests, answers, notes), findings


def _installed():
    return f"TensorFlow {importlib.metadata.version('tensorflow')}"


def _unsaid(found: list[Finding], said: list[Finding]) -> list[Finding]:
    """Leaves out failures of ops that a rule has already told of."""
    return [
        finding
        for finding in found
        if not any(
            fault.fatal
            and finding.op
            and finding.op == fault.op
            and set(finding.releases) <= set(fault.releases)
            for fault in said
        )
    ]
