"""Whole comparisons, with readers that have no framework in them."""

import dataclasses
import sys
import tarfile

import numpy as np
import pytest

from benchmarks.input import contenders
from benchmarks.input.case import Case, DifferentRowsError, require_same_rows
from benchmarks.input.settings import Settings
from benchmarks.input.table import format_note, format_record, make_record
from benchmarks.training.worker_process import WorkerProcess
from mmtf import presets
from mmtf.errors import InputError
from pipelines import read_rows

FAKE = "tests.benchmarks.fake_input_worker"
QUICK = Settings(rounds=1, turn_seconds=0.01, pytorch=sys.executable)


def start_fakes(monkeypatch, *, offset=0.0):
    def start(name, rate, offset=0.0):
        return WorkerProcess(name, [sys.executable, "-m", FAKE, str(rate), str(offset)])

    monkeypatch.setattr(contenders, "start_mmtf", lambda: start("mmtf", 300))
    monkeypatch.setattr(contenders, "start_bare", lambda _: start("bare", 450))
    rates = {"pillow": 100, "simplejpeg": 150}
    monkeypatch.setattr(
        contenders,
        "start_rival",
        lambda rival, _: start(rival.title, rates[rival.decoder], offset),
    )


def test_rates_and_ratios_of_both_sources(monkeypatch, demo_corpus, demo_data):
    start_fakes(monkeypatch)
    manifest = f"{demo_corpus}/manifest.csv"
    with Case(demo_data, manifest, presets.tiny(), QUICK) as case:
        case.take_turns()
        case.take_turns()
    record = make_record("demo", case)

    assert record["ratio_to_best"] == {
        contenders.SHARDS: 2.0, contenders.ORIGINALS: 2.0
    }  # fmt: skip
    by_name = {entry["contender"]: entry for entry in record["contenders"]}
    assert len(record["contenders"]) == 10
    assert by_name["mmtf"]["turns"] == 2
    # 450 JPEGs per second, of which a row has half a one.
    assert by_name["libjpeg-turbo alone"]["rows_per_second"] == 900
    shown = format_record(record)
    assert shown.index("mmtf") < shown.index("on the shards' media:")
    assert "WebDataset, pillow, no worker" in shown and "2.00" in shown
    assert "medians" in format_note()


def test_nothing_is_timed_unless_rows_are_the_same(monkeypatch, demo_data):
    start_fakes(monkeypatch, offset=50)
    with pytest.raises(DifferentRowsError, match="`image` must be the same.*WebData"):
        Case(demo_data, "", presets.tiny(), QUICK)


def test_rows_differ_by_sound_or_shape():
    rows = {"image": np.zeros((2, 1, 1, 3)), "waveform": np.zeros((2, 4))}
    require_same_rows(rows, {**rows, "waveform": np.full((2, 4), 0.01)}, "it")
    for waveform in (np.full((2, 4), 0.1), np.zeros((2, 5))):
        with pytest.raises(DifferentRowsError, match="`waveform`.*mmtf and it"):
            require_same_rows(rows, {**rows, "waveform": waveform}, "it")


def test_tars_hold_the_media_in_order(demo_corpus, demo_data, tmp_path):
    from benchmarks.input.tars import write_original_media, write_shard_media

    rows = list(read_rows(demo_data, "train"))
    manifest = f"{demo_corpus}/manifest.csv"
    shards = write_shard_media(demo_data, "train", str(tmp_path / "a"))
    originals = write_original_media(demo_data, "train", manifest, str(tmp_path / "b"))
    for paths in (shards, originals):
        members = {}
        for path in paths:
            with tarfile.open(path) as tar:
                members |= {m.name: tar.extractfile(m).read() for m in tar}
        assert [members[f"{i:08}.txt"].decode() for i in range(len(rows))] == [
            row.text for row in rows
        ]
        for index, row in enumerate(rows):  # The demo's media are stored as they are.
            assert members[f"{index:08}.img"] == row.image
            assert bool(members[f"{index:08}.snd"]) == bool(row.audio)


@pytest.mark.parametrize(
    "wrong", [{"rounds": 0}, {"turn_seconds": 0}, {"camera_size": (4, 400)}]
)
def test_settings_ask_for_something(wrong):
    with pytest.raises(InputError, match="must .*Received"):
        dataclasses.replace(QUICK, **wrong)
