"""WebDataset beside mmtf in small, where `make bench` has installed it."""

import dataclasses
import subprocess

import pytest

from benchmarks.input.case import Case
from benchmarks.input.contenders import BARE, MMTF
from benchmarks.input.settings import Settings
from mmtf import presets

SETTINGS = Settings(batch_size=4, rounds=1, turn_seconds=0.01)


def has_rivals():
    imports = "import simplejpeg, torch, webdataset"
    try:
        command = [SETTINGS.pytorch, "-c", imports]
        return not subprocess.run(command, capture_output=True).returncode
    except FileNotFoundError:
        return False


pytestmark = [
    pytest.mark.large,
    pytest.mark.skipif(
        not has_rivals(), reason="needs the environment of `make bench`"
    ),
]


def test_everyone_reads_the_same_rows(demo_corpus, demo_data):
    settings = dataclasses.replace(SETTINGS, split="test")
    manifest = f"{demo_corpus}/manifest.csv"
    with Case(demo_data, manifest, presets.tiny(), settings) as case:
        case.take_turns()
    assert {MMTF, BARE} < set(case.rates)
    assert all(rate > 0 for rates in case.rates.values() for rate in rates)
