"""The twin beside mmtf in small, where `make bench` has installed PyTorch."""

import dataclasses
import os
import sys

import numpy as np
import pytest

from benchmarks.training.agreement import TOLERANCE, require_agreement
from benchmarks.training.contenders import CONTENDERS, start
from benchmarks.training.settings import Settings
from tests.benchmarks.training_models import CONFIG

PYTORCH = Settings().pytorch

pytestmark = [
    pytest.mark.large,
    pytest.mark.skipif(
        not os.path.exists(PYTORCH), reason="needs the environment of `make bench`"
    ),
]


@pytest.fixture(scope="module")
def processes():
    with (
        start(CONTENDERS["mmtf"], sys.executable) as ours,
        start(CONTENDERS["pytorch"], PYTORCH) as twin,
    ):
        yield ours, twin


def build(processes, part, mode, folder):
    """Both with the weights of mmtf's."""
    config = dataclasses.asdict(CONFIG)
    for process in processes:
        process.send(
            "build",
            part=part,
            mode=mode,
            config=config,
            batch_size=4,
            compiled=False,
            rematerialize=False,
        )
    assert [process.receive() for process in processes] == [True, True]
    ours, twin = processes
    ours.ask("save_weights", path=f"{folder}/weights.npz")
    twin.ask("load_weights", path=f"{folder}/weights.npz")


@pytest.mark.parametrize("part", ["text", "image", "audio", "whole"])
def test_outputs_agree(processes, part, tmp_path):
    build(processes, part, "forward", tmp_path)

    outputs = {}
    for process in processes:
        process.ask("outputs", path=f"{tmp_path}/outputs.npy", num_batches=2)
        outputs[process.name] = np.load(tmp_path / "outputs.npy")

    assert outputs["mmtf"].shape == (8, 3)
    assert 0 < require_agreement(outputs) < TOLERANCE


@pytest.mark.parametrize("part", ["text", "image", "audio"])
def test_training_starts_alike_and_learns(processes, part, tmp_path):
    build(processes, part, "train", tmp_path)

    first = [p.ask("prepare", num_steps=1)["losses"][0] for p in processes]
    last = [p.ask("steps", count=5)["losses"][-1] for p in processes]

    np.testing.assert_allclose(first[0], first[1], rtol=1e-4)
    assert last[0] < first[0] and last[1] < first[1]
