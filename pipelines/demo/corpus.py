"""Writes the demo corpus: real files, whose best possible accuracy is known.

OUT/manifest.csv     id, text, image, audio, label, intensity, split
OUT/images/ID.jpg
OUT/audio/ID.wav
OUT/oracle.json      the best accuracy from each subset of the modalities
"""

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import soundfile

from mmtf.errors import InputError
from mmtf.features import AUDIO, IMAGE, MODALITIES, SUBSETS, TEXT, subset_name
from pipelines.demo.faces import draw_face
from pipelines.demo.opinions import write_opinion
from pipelines.demo.oracle import oracle_accuracy, oracle_record
from pipelines.demo.rows import SPLIT_SHARES, draw_rows
from pipelines.demo.voices import SAMPLE_RATE_HZ, speak

GENERATOR = 1
"""Raised whenever the same rows and seed would give another corpus."""

MANIFEST, ORACLE = "manifest.csv", "oracle.json"
COLUMNS = ("id", *MODALITIES, "label", "intensity", "split")


@dataclass(frozen=True, kw_only=True)
class DemoSummary:
    """What a demo corpus holds."""

    out: str
    rows: int
    seed: int
    rows_of_split: dict[str, int]
    rows_with: dict[str, int]
    """Rows in which a modality is present."""
    oracle_accuracy: dict[str, float]
    """Best possible accuracy, by the name of the subset."""


def write_demo(
    out: str,
    *,
    rows: int = 1600,
    seed: int = 0,
    progress: Callable[[list], Iterable] = iter,
) -> DemoSummary:
    """Writes the corpus, whole or not at all; the same seed, the same bytes.

    If `out` already holds the corpus of these rows and this seed, nothing is
    written.

    Args:
        out: folder to make; its parents are made too.
        rows: rows of the three splits together.
        seed: makes every draw.
        progress: wraps the list of rows as it is worked through, such as tqdm.

    Raises:
        InputError: `out` holds something else, or rows or seed cannot be.
    """
    drawn = draw_rows(rows, seed)
    identity = {"generator": GENERATOR, "rows": rows, "seed": seed}
    if not _is_written(out, identity):
        parent, name = os.path.split(os.path.realpath(out))
        _make_writable(parent, out)
        with tempfile.TemporaryDirectory(dir=parent, prefix=f".{name}-") as aside:
            made = os.path.join(aside, name)
            _write_files(made, progress(drawn), seed)
            _write_json(os.path.join(made, ORACLE), identity | oracle_record())
            os.rename(made, os.path.join(parent, name))
    return _summary(out, drawn, seed)


def _is_written(out, identity):
    """Whether this corpus is there; False if there is nothing at all."""
    if not os.path.lexists(out) or (os.path.isdir(out) and not os.listdir(out)):
        return False
    found = _read_identity(out)
    if found != identity:
        raise InputError(
            "`out` must be a new or empty folder, or hold the demo of the same rows "
            f"and seed. Received: out={out!r}, which holds {found or 'other files'}; "
            f"asked for {identity}. Name another folder, or remove this one."
        )
    return True


def _read_identity(out):
    try:
        with open(os.path.join(out, ORACLE), encoding="utf-8") as file:
            record = json.load(file)
        return {key: record[key] for key in ("generator", "rows", "seed")}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_files(folder, drawn, seed):
    for name in ("images", "audio"):
        os.makedirs(os.path.join(folder, name))
    path = os.path.join(folder, MANIFEST)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for number, row in enumerate(drawn):
            media = _write_media(folder, row, [seed, number])
            facts = {"label": row.label, "intensity": row.intensity, "split": row.split}
            writer.writerow({"id": row.id} | media | facts)


def _write_media(folder, row, entropy):
    """Manifest cells of the modalities that are present.

    Each has a generator of its own, so a change in how one is rendered leaves
    the others as they are. Their entropy ends in 1, 2, 3: one that ends in zeros
    gives the generator of `draw_rows`.
    """
    entropies = [[*entropy, number] for number in (1, 2, 3)]
    rng = dict(zip(MODALITIES, map(np.random.default_rng, entropies), strict=True))
    cells = {}
    if TEXT in row.shown:
        cells[TEXT] = write_opinion(row.shown[TEXT], rng[TEXT])
    if IMAGE in row.shown:
        cells[IMAGE] = f"images/{row.id}.jpg"
        quality = int(rng[IMAGE].integers(50, 96))
        face = draw_face(row.shown[IMAGE], rng[IMAGE])
        face.save(os.path.join(folder, cells[IMAGE]), quality=quality)
    if AUDIO in row.shown:
        cells[AUDIO] = f"audio/{row.id}.wav"
        voice = speak(row.shown[AUDIO], rng[AUDIO])
        path = os.path.join(folder, cells[AUDIO])
        soundfile.write(path, voice, SAMPLE_RATE_HZ, subtype="PCM_16")
    return cells


def _write_json(path, record):
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps(record, indent=2) + "\n")


def _make_writable(parent, out):
    try:
        os.makedirs(parent, exist_ok=True)
        tempfile.TemporaryFile(dir=parent).close()
    except OSError as error:
        raise InputError(
            "OUT must be where files can be written. Received: "
            f"{out!r} ({error.strerror})."
        ) from error


def _summary(out, drawn, seed):
    return DemoSummary(
        out=out,
        rows=len(drawn),
        seed=seed,
        rows_of_split={s: sum(row.split == s for row in drawn) for s in SPLIT_SHARES},
        rows_with={m: sum(m in row.shown for row in drawn) for m in MODALITIES},
        oracle_accuracy={subset_name(s): oracle_accuracy(s) for s in SUBSETS},
    )
