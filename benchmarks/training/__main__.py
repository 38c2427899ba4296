"""mmtf's base model beside the same model in PyTorch.

    python -m benchmarks.training [--parts audio --mode train ...]

measures a training step and a forward pass of each encoder and of the whole, each
framework plain and compiled, in processes of their own that take turns, so that all
have the same weather. They start from the same weights; unless their outputs agree,
nothing is timed.
"""

import json
import os
import sys
from dataclasses import asdict

import tyro
from tyro.conf import OmitArgPrefixes

from benchmarks.machine import describe_machine
from benchmarks.training.agreement import DisagreementError
from benchmarks.training.measure import measure
from benchmarks.training.records import make_records
from benchmarks.training.settings import Settings
from benchmarks.training.table import format_table, format_versions
from mmtf.errors import InputError
from mmtf.run import write_text

_DEFAULTS = Settings()


def main(settings: OmitArgPrefixes[Settings] = _DEFAULTS, out: str = "") -> None:
    """Measure mmtf's base model beside the same model in PyTorch.

    Args:
        settings: what is measured, and how often.
        out: a file for the same numbers as JSON.
    """
    measured, versions = measure(settings)
    records, machine = make_records(measured), describe_machine()
    if out:
        report = {
            "machine": machine,
            "versions": versions,
            "settings": asdict(settings),
            "measured": records,
        }
        os.makedirs(os.path.dirname(os.path.abspath(out)), exist_ok=True)
        write_text(out, json.dumps(report, indent=2))
    print(format_table(records))
    print(f"\n{format_versions(machine, versions)}")


if __name__ == "__main__":
    try:
        tyro.cli(main)
    except (InputError, DisagreementError) as error:
        sys.exit(f"{error}")
