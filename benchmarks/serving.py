"""What serving costs: the local server beside the bare C++ session.

    python -m benchmarks.serving MODELS/NAME

measures gRPC and REST, with and without batching, and calls of the session with no
server around it, on this machine, in turn, so that all have the same weather. Requests
are of one row; the load comes from processes of its own, over the loopback.
"""

import json
import sys
from dataclasses import asdict
from typing import Annotated

import tyro
from tyro.conf import OmitArgPrefixes, Positional, arg

from benchmarks.machine import describe_machine, format_machine
from benchmarks.serving_bench import Settings, measure
from benchmarks.serving_table import format_table, make_records
from mmtf.errors import InputError

_DEFAULTS = Settings()


def main(
    model: Annotated[Positional[str], arg(metavar="MODELS/NAME")],
    settings: OmitArgPrefixes[Settings] = _DEFAULTS,
    out: str = "",
) -> None:
    """Measure the local server beside the bare C++ session.

    Args:
        model: folder written by `mmtf export`.
        settings: how much is measured.
        out: a file for the same numbers as JSON.
    """
    cells = measure(model, settings)
    records, machine = make_records(cells), describe_machine()
    print(format_table(records))
    print(f"\n{format_machine(machine)}")
    if out:
        with open(out, "w", encoding="utf-8") as file:
            report = {"machine": machine, "settings": asdict(settings)}
            json.dump({**report, "measured": records}, file, indent=2)


if __name__ == "__main__":
    try:
        tyro.cli(main)
    except InputError as error:
        sys.exit(f"{error}")
