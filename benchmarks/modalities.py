"""What a request costs by the modalities that it holds.

    python -m benchmarks.modalities MODELS/NAME

asks the bare C++ session for each subset in turn, so that all have the same weather.
"""

import statistics
import sys
from collections.abc import Callable
from typing import Annotated

import tyro
from tyro.conf import Positional, arg

from benchmarks.evaluation import measure
from benchmarks.machine import describe_machine, format_machine
from benchmarks.payloads import make_media, repeat, sample_rate
from export.runtime import SavedModelSession
from export.versions import list_versions
from mmtf.errors import InputError
from mmtf.features import SUBSETS, subset_name


def main(
    model: Annotated[Positional[str], arg(metavar="MODELS/NAME")],
    rows: tuple[int, ...] = (1, 8),
    repeats: int = 30,
) -> None:
    """Measure requests of all subsets.

    Args:
        model: folder written by `mmtf export`; its newest version is asked.
        rows: of a request; all are alike.
        repeats: of each measurement.
    """
    if min(rows) < 1 or repeats < 1:
        raise InputError(
            "`--rows` and `--repeats` must be at least 1. Received: "
            f"rows={rows}, repeats={repeats}."
        )
    versions = list_versions(model)
    if not versions:
        raise InputError(
            "MODELS/NAME must be a folder written by `mmtf export`. Received: "
            f"{model!r}, which has no version."
        )
    folder = versions[max(versions)]
    session = SavedModelSession(folder)
    for count in rows:
        works = make_works(session, count, sample_rate_hz=sample_rate(folder))
        for name, seconds in measure(works, repeats).items():
            print(
                f"{name:18s} x {count:<3d} {1000 * statistics.median(seconds):8.2f} ms"
            )
    print(f"\n{format_machine(describe_machine())}")


def make_works(
    session: SavedModelSession, rows: int, *, sample_rate_hz: int
) -> dict[str, Callable[[], object]]:
    """A request for each subset, by its name."""
    media = repeat(make_media(sample_rate_hz), rows)
    return {
        subset_name(subset): lambda subset=subset: session.run(
            "serving_default", {modality: media[modality] for modality in subset}
        )
        for subset in SUBSETS
    }


if __name__ == "__main__":
    try:
        tyro.cli(main)
    except InputError as error:
        sys.exit(f"{error}")
