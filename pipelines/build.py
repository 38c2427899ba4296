"""Manifest to shards: `mmtf build MANIFEST DATA`."""

import os
from itertools import chain
from typing import Literal

import tensorflow as tf
from tqdm import tqdm

from mmtf.errors import InputError
from mmtf.features import MODALITIES
from pipelines.labels import encode_label
from pipelines.records import prepare_rows
from pipelines.report import REPORT_FILE, BuildReport
from pipelines.shards import write_shards
from pipelines.splits import SPLITS, check_fractions
from pipelines.staging import check_free, publish, resolve, scratch_beside
from pipelines.survey import Source, no_usable_row, survey, usable_rows
from pipelines.tally import Tally
from pipelines.workers import Workers


def build(
    manifest: str,
    data: str,
    *,
    label: str = "label",
    task: Literal["classification", "regression"] = "classification",
    image_side: int = 256,
    sample_rate_hz: int = 16000,
    split_fractions: tuple[float, float, float] = (0.8, 0.1, 0.1),
    num_shards: int | None = None,
    processes: int | None = None,
    on_error: Literal["drop", "fail"] = "drop",
    overwrite: bool = False,
    progress: bool = True,
) -> BuildReport:
    """Builds the shards that training and evaluation read.

    The same manifest and files give the same shards, byte for byte. Memory
    does not grow with the number of rows, but for 8 bytes each and the 1 GB at
    most in which TFDS shuffles.

    Args:
        manifest: see `read_manifest`. It is read once to check it, and once
            more for each split.
        data: folder to write; it appears when it is complete.
        label: the column that holds the label.
        task: whether that column holds names of classes or numbers.
        image_side: longest short side of a stored image in pixels.
        sample_rate_hz: rate of stored audio.
        split_fractions: shares of train, validation and test among the rows
            that name no split; they go by the hash of their id.
        num_shards: files of each split; None goes by size.
        processes: worker processes; None takes one for each core.
        on_error: "drop" leaves out and reports what cannot be used, "fail"
            stops at the first.
        overwrite: replace what an earlier build wrote.
        progress: show a bar on stderr.

    Returns:
        The report, which DATA/build_report.json holds too. A split without
        rows is none; what needs it (training needs train and validation) says
        so.

    Raises:
        InputError: an argument, the manifest or a label cannot be used, or no
            row can.
    """
    _require_positive(image_side=image_side, sample_rate_hz=sample_rate_hz)
    _require_positive(num_shards=num_shards, processes=processes)
    check_fractions(split_fractions)
    data = resolve(data)
    check_free(data, overwrite=overwrite)
    source = Source(
        manifest=manifest, label=label, task=task, split_fractions=split_fractions
    )
    settings = {"image_side": image_side, "sample_rate_hz": sample_rate_hz}
    tally = Tally(on_error)
    found = survey(source, tally)
    with (
        scratch_beside(data) as scratch,
        Workers(processes) as workers,
        tqdm(total=found.rows.total(), unit=" rows", disable=not progress) as bar,
    ):
        records = {
            split: _records(source, split, found.labels, settings, tally, workers, bar)
            for split in SPLITS
        }
        splits = _without_empty(records)
        if not splits:
            raise no_usable_row(source, tally)
        shards = write_shards(
            splits, found.labels, folder=scratch, num_shards=num_shards
        )
        report = tally.report(
            found.labels, duplicate_ids=found.duplicate_ids, **settings
        )
        with tf.io.gfile.GFile(os.path.join(shards, REPORT_FILE), "w") as file:
            file.write(report.to_json())
        publish(shards, data, scratch=scratch, overwrite=overwrite)
    return report


def _require_positive(**values):
    for name, value in values.items():
        if value is not None and value < 1:
            raise InputError(f"`{name}` must be 1 or more. Received: {name}={value}.")


def _records(source, split, labels, settings, tally, workers, bar):
    prepared_rows = prepare_rows(
        usable_rows(source, split),
        workers,
        folder=os.path.dirname(source.manifest),
        **settings,
    )
    for prepared in prepared_rows:
        bar.update()
        row = prepared.row
        for modality, reason in prepared.lost.items():
            tally.lose(row.id, modality, reason)
        if not prepared.media:
            tally.drop(row.id, "no text, image or audio left")
            continue
        media = {name: prepared.media.get(name, b"") for name in MODALITIES}
        record = {"id": row.id, **media, "label": encode_label(row.label, labels)}
        tally.keep(split, record, labels)
        yield row.index, record


def _without_empty(splits):
    # TFDS stops at a split that turns out to have no record.
    started = {name: next(records, None) for name, records in splits.items()}
    return {
        name: chain([first], splits[name])
        for name, first in started.items()
        if first is not None
    }
