"""mmtf's input pipeline beside WebDataset's.

    python -m benchmarks.input DATA --manifest MANIFEST

reads DATA, and then a generated corpus of large photographs, with mmtf's evaluation
chain and with WebDataset, whose tars hold the very media of the shards in one case and
the original media in the other. Contenders are processes of their own that take
turns; libjpeg-turbo's bare decoding rate on the shards' JPEGs is beside them.
"""

import json
import os
import sys
import tempfile
from dataclasses import asdict
from typing import Annotated

import tyro
from tqdm import tqdm
from tyro.conf import OmitArgPrefixes, Positional, arg

from benchmarks.input.camera import write_camera_corpus
from benchmarks.input.case import Case, DifferentRowsError
from benchmarks.input.settings import Settings
from benchmarks.input.table import format_note, format_record, make_record
from benchmarks.machine import describe_machine, format_machine
from mmtf.errors import InputError
from mmtf.presets import preset
from mmtf.run import write_text
from pipelines import build

_DEFAULTS = Settings()


def main(
    data: Annotated[Positional[str], arg(metavar="DATA")],
    manifest: str = "",
    settings: OmitArgPrefixes[Settings] = _DEFAULTS,
    out: str = "",
) -> None:
    """Measure mmtf's input pipeline beside WebDataset's.

    Args:
        data: folder written by `mmtf build`.
        manifest: the CSV that DATA was made of; without it WebDataset reads the
            shards' media alone.
        settings: what is measured, and how often.
        out: a file for the same numbers as JSON.
    """
    _require_pytorch(settings)
    config, records = preset(settings.preset), []
    with tempfile.TemporaryDirectory() as folder:
        corpora = [(os.path.normpath(data), data, manifest)]
        if settings.camera_pictures:
            corpora += _camera_corpora(folder, config, settings)
        for name, shards, original in corpora:
            with Case(shards, original, config, settings) as case:
                for _ in tqdm(range(settings.rounds), name, leave=False, disable=None):
                    case.take_turns()
                records.append(make_record(name, case))
                versions = case.versions
            print(f"{format_record(records[-1])}\n", flush=True)
    machine = describe_machine()
    if out:
        _write(out, machine, versions, settings, records)
    print(f"{format_note()}\n\n{format_machine(machine)},")
    print(f"WebDataset {versions['webdataset']}, PyTorch {versions['torch']}")


def _write(path, machine, versions, settings, records):
    report = {
        "machine": machine,
        "versions": versions,
        "settings": asdict(settings),
        "measured": records,
    }
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    write_text(path, json.dumps(report, indent=2))


def _camera_corpora(folder, config, settings):
    """Large photographs, as shards of the default size and of the model's."""
    width, height = settings.camera_size
    manifest = write_camera_corpus(
        os.path.join(folder, "camera"),
        pictures=settings.camera_pictures,
        copies=settings.camera_copies,
        width=width,
        height=height,
    )
    corpora = []
    for side in (256, config.model.image.size):
        shards = os.path.join(folder, f"shards-{side}")
        rate_hz = config.model.audio.sample_rate_hz
        build(manifest, shards, image_side=side, sample_rate_hz=rate_hz)
        name = f"{width}x{height}, --image-side {side}"
        corpora.append((name, shards, manifest))
    return corpora


def _require_pytorch(settings):
    if not os.path.exists(settings.pytorch):
        raise InputError(
            "`pytorch` must be a Python with PyTorch and WebDataset, such as "
            f"`make bench` makes. Received: pytorch={settings.pytorch!r}, which does "
            "not exist."
        )


if __name__ == "__main__":
    try:
        tyro.cli(main)
    except (InputError, DifferentRowsError) as error:
        sys.exit(f"{error}")
