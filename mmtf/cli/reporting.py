"""Verbs that show what was measured: `report` and `compare`."""

import dataclasses
import pathlib
from typing import Annotated

from tyro.conf import Positional, arg

from mmtf.cli.console import JsonFlag, dumps, start_tensorflow
from mmtf.cli.pages import require_writable
from mmtf.errors import InputError


def report(
    run: Annotated[Positional[str], arg(metavar="RUN")],
    data: Annotated[Positional[str], arg(metavar="DATA")],
    split: str | None = None,
) -> None:
    """Write RUN/report.html, one page with all that is known of a run.

    Args:
        run: folder that `mmtf evaluate` has measured.
        data: folder written by `mmtf build`.
        split: which split; test when it was measured.
    """
    start_tensorflow()
    from mmtf.run import open_run

    print(write_run_report(open_run(run), data, split=split))


def write_run_report(run, data: str, *, split: str | None = None) -> str:
    """Writes the report of a run.

    Args:
        run: a `mmtf.run.Run`.
        data: folder written by `mmtf build`, that the run was measured on.
        split: which split; when None the test split, or else the last measured.

    Returns:
        The path of the page.

    Raises:
        InputError: data and run do not fit.
    """
    import pipelines
    from mmtf.report import find_errors, read_evidence, write_report

    evidence = read_evidence(run, split)
    info = pipelines.read_info(data)
    _check_fit(evidence, info, data)
    positions = find_errors(evidence)
    rows = pipelines.read_rows_at(data, evidence.split, positions) if positions else []
    _check_ids(evidence, positions, rows, data)
    return write_report(
        run,
        evidence,
        positions=positions,
        rows=rows,
        data_report=dataclasses.asdict(pipelines.read_report(data)),
    )


def _check_fit(evidence, info, data):
    if info.labels != evidence.config.labels:
        raise InputError(
            "DATA must have the labels that RUN was trained on. Received: "
            f"{info.labels} instead of {evidence.config.labels}."
        )
    known = info.splits.get(evidence.split)
    if known is None:
        raise InputError(
            f"DATA must have the {evidence.split!r} split. Received: {data!r}, which "
            f"has {', '.join(sorted(info.splits))}."
        )
    predictions = evidence.predictions
    if predictions is not None and known.num_examples != len(predictions.labels):
        raise _other_rows(evidence, data)


def _check_ids(evidence, positions, rows, data):
    for position, row in zip(positions, rows, strict=True):
        if evidence.predictions.ids[position] not in ("", row.id):
            raise _other_rows(evidence, data)


def _other_rows(evidence, data):
    return InputError(
        f"DATA must be what RUN was measured on. Received: {data!r}, whose "
        f"{evidence.split} split has other rows. Run `mmtf evaluate` on it first."
    )


def compare(
    runs: Annotated[Positional[tuple[str, ...]], arg(metavar="RUN")],
    split: str = "test",
    html: str | None = None,
    as_json: JsonFlag = False,
) -> None:
    """Put runs side by side, and tell whether they differ by more than chance.

    Args:
        runs: two or more folders that `mmtf evaluate` has measured; the others are
            held against the first.
        split: which split.
        html: a file that receives the comparison as a page.
        as_json: print it as JSON.
    """
    if html is not None:
        require_writable(html)
    start_tensorflow()
    from mmtf.report import (
        compare_runs,
        comparison_page,
        format_comparison,
        read_evidence,
    )
    from mmtf.run import open_run, write_text

    evidence = [
        dataclasses.replace(read_evidence(open_run(folder), split), name=name)
        for folder, name in zip(runs, _distinct_names(runs), strict=True)
    ]
    comparison = compare_runs(evidence)
    if html is not None:
        write_text(html, comparison_page(comparison))
    print(dumps(comparison) if as_json else format_comparison(comparison))


def _distinct_names(folders):
    """The last part of each path, or as many of the last as tell them apart."""
    paths = [pathlib.Path(folder).resolve().parts for folder in folders]
    for number in range(1, max(map(len, paths), default=1) + 1):
        names = ["/".join(parts[-number:]) for parts in paths]
        if len(set(names)) == len(names):
            return names
    raise InputError(
        f"Each run must be named once. Received: {' '.join(folders)}. Leave one out."
    )
