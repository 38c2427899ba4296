import dataclasses
import os
import pathlib

import pytest

import pipelines
from mmtf import presets
from mmtf.cli import main, seeds
from mmtf.errors import InputError
from mmtf.run import Run, open_run
from tests.mmtf.run_files import finished_run

LOSSES = {1: 0.5, 2: 0.25, 3: 0.75}


def with_seeds(*names, **train):
    config = presets.tiny()
    train = dataclasses.replace(config.train, seeds=names, **train)
    return dataclasses.replace(config, train=train)


@pytest.fixture
def trained(monkeypatch):
    """Puts a fixed validation loss in the place of each training; the seeds trained."""
    done = []

    def train(function, data, folder, config, overwrite):
        assert (config.train.seeds, overwrite) == ((), True)
        seed = config.train.seed
        if seed not in LOSSES:
            raise InputError("This seed fails.")
        fingerprint = pipelines.data_fingerprint(data)
        finished_run(
            pathlib.Path(folder), config, validation_loss=LOSSES[seed], data=fingerprint
        )
        done.append(seed)

    monkeypatch.setattr(seeds, "run_in_child", train)
    return done


@pytest.fixture
def train(demo_data, tmp_path):
    folder = str(tmp_path / "run")

    def call(*names, overwrite=False, **options):
        config = with_seeds(*names, **options)
        seeds.train_seeds(demo_data, folder, config, overwrite=overwrite)
        return Run(folder)

    return call


def test_the_run_is_a_copy_of_the_best_seed(train, trained):
    run = train(1, 2, 3)
    assert trained == [1, 2, 3]
    assert run.config == Run(run.path("seeds/2")).config
    assert (run.config.train.seed, run.config.train.seeds) == (2, ())
    assert os.path.samefile(run.path("model.keras"), run.path("seeds/2/model.keras"))


def test_trained_seeds_stay_and_more_may_come(train, trained):
    with pytest.raises(InputError, match="This seed fails"):
        train(1, 9)
    assert trained == [1]
    run = train(1, 3)
    assert trained == [1, 3]
    assert run.config.train.seed == 1
    with open(run.path("metrics.json"), "w") as file:
        file.write("{}")
    train(1, 3)  # changes nothing, so what was measured still holds
    assert os.path.exists(run.path("metrics.json"))
    assert train(2).config.train.seed == 2
    assert trained == [1, 3, 2]
    assert not os.path.exists(run.path("metrics.json"))


def test_a_changed_configuration_asks_for_overwrite(train, trained):
    train(1, 2)
    with pytest.raises(InputError, match="seeds/1', which differs.*--overwrite"):
        train(1, 2, epochs=7)
    run = train(3, epochs=7, overwrite=True)
    assert os.listdir(run.path("seeds")) == ["3"]
    assert run.config.train.epochs == 7


def test_a_half_trained_seed_must_be_named(train, trained):
    run = train(1, 2)
    os.remove(run.path("seeds/2/training.json"))
    with pytest.raises(InputError, match="without 2, of which .*seeds/2 is what"):
        train(1)
    train(1, 2)
    assert trained == [1, 2, 2]


def test_a_run_of_one_seed_is_not_taken(train, trained, tmp_path):
    finished_run(tmp_path / "run", presets.tiny())
    with pytest.raises(InputError, match="empty folder"):
        train(1, 2)


@pytest.mark.large
def test_seeds_are_trained_and_measured_by_the_command_line(
    demo_data, tmp_path, capsys
):
    folder = str(tmp_path / "run")
    words = ["train", demo_data, folder, "--preset", "tiny", "--train.seeds", "1", "2"]
    assert main(words) == 0
    shown = capsys.readouterr()
    assert shown.out == f"{folder}/model.keras\n"
    assert "seed 2, 2 of 2\n" in shown.err
    models = [open_run(f"{folder}/seeds/{seed}").model for seed in (1, 2)]
    weights = [model.get_weights()[0] for model in models]
    assert not (weights[0] == weights[1]).all()
    assert main(["evaluate", folder, demo_data, "--splits", "test"]) == 0
    assert "test, 2 seeds" in capsys.readouterr().out
