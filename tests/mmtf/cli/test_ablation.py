import json
import os
import pathlib

import numpy as np
import pytest

import pipelines
from mmtf.cli import ablation_runs, main, seeds
from mmtf.cli.ablation_runs import Plan
from mmtf.evaluation import Predictions
from mmtf.evaluation.predictions import NONE
from mmtf.features import MODALITIES, SUBSETS, subset_name
from mmtf.run import Run, write_text
from tests.mmtf.run_files import finished_run

NAMES = ("text", "image", "audio", "concat", "gated", "attention", "cnn_rnn")
ROWS = 30


def predictions(run):
    """Random answers that know the class the better, the more the model sees."""
    config = run.config
    rng = np.random.default_rng(config.train.seed)
    labels = np.arange(ROWS) % len(config.labels.class_names)
    strength = len(config.model.modalities)
    logits = strength * np.eye(3)[labels] + rng.normal(size=(ROWS, 3))
    names = [*map(subset_name, SUBSETS), NONE]
    presence = np.tile([m in config.model.modalities for m in MODALITIES], (ROWS, 1))
    return Predictions(
        labels=labels,
        logits={name: logits.astype("float32") for name in names},
        presence=presence,
        modality_weights=presence.astype("float32"),
        ids=("",) * ROWS,
    )


@pytest.fixture
def done(monkeypatch):
    """Stands in for child processes; what was trained and measured, in order."""
    calls = []

    def run_in_child(function, *args, **options):
        if function is ablation_runs.train_run:
            data, folder, config = args
            data = pipelines.data_fingerprint(data)
            finished_run(pathlib.Path(folder), config, data=data)
            calls.append(os.path.relpath(folder, start=os.path.dirname(folder)))
        else:
            folder, _, splits = args
            run = Run(folder)
            for each in (*seeds.seed_runs(run), run):
                for split in splits:
                    predictions(each).save(each.path(f"predictions/{split}.npz"))
                write_text(each.path("calibration.json"), '{"temperature": 2.0}')
                write_text(
                    each.path("metrics.json"), json.dumps({s: {} for s in splits})
                )
            calls.append("measure")

    monkeypatch.setattr(seeds, "run_in_child", run_in_child)
    monkeypatch.setattr(ablation_runs, "run_in_child", run_in_child)
    return calls


@pytest.fixture
def ablate(demo_data, tmp_path):
    def call(*words):
        return main(
            ["ablate", demo_data, str(tmp_path / "out"), "--preset=tiny", *words]
        )

    return call


def read(tmp_path):
    return json.loads((tmp_path / "out" / "ablation.json").read_text())


def test_every_variant_is_trained_measured_and_compared(ablate, done, tmp_path, capsys):
    assert ablate() == 0
    assert done == [word for name in NAMES for word in (name, "measure")]
    shown = capsys.readouterr()
    assert "gated, 5 of 7\n" in shown.err
    assert shown.out.startswith(f"test ({ROWS} rows)")
    ablation = read(tmp_path)
    assert list(ablation["splits"]) == ["validation", "test"]
    variants = ablation["splits"]["test"]["variants"]
    assert list(variants) == [*NAMES, "late_fusion"]
    assert ablation["models"]["late_fusion"] == {"parameters": 21, "seconds": 7.5}
    assert variants["attention"]["comparison"] is None
    assert variants["late_fusion"]["comparison"]["p_holm"] <= 1


def test_scores_are_those_of_the_temperature(ablate, done, tmp_path):
    assert ablate("--variants", "text") == 0
    logits = predictions(Run(str(tmp_path / "out" / "text"))).logits["text"] / 2.0
    scores = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    expected = -np.log(scores[np.arange(ROWS), np.arange(ROWS) % 3]).mean()
    shown = read(tmp_path)["splits"]["test"]["variants"]["text"]["loss"]
    assert shown == pytest.approx(expected, rel=1e-5)


def test_what_is_trained_and_measured_is_kept(ablate, done, tmp_path, capsys):
    assert ablate("--variants", "text", "concat") == 0
    (tmp_path / "out" / "concat" / "training.json").unlink()
    (tmp_path / "out" / "text" / "predictions" / "test.npz").unlink()
    done.clear()
    assert ablate("--variants", "text", "concat", "--json") == 0
    assert done == ["measure", "concat", "measure"]
    shown = capsys.readouterr()
    assert "text, 1 of 2, trained already\n" in shown.err
    assert json.loads(shown.out[shown.out.index("{") :]) == read(tmp_path)


def test_a_changed_configuration_names_the_variant(ablate, done, capsys):
    assert ablate("--variants", "text", "image") == 0
    done.clear()
    words = ["--variants", "image", "--train.epochs", "3"]
    assert ablate(*words) == 2
    assert "out/image', which differs" in capsys.readouterr().err
    assert ablate("--overwrite", *words) == 0
    assert done == ["image", "measure"]


def test_seeds_are_summarised(ablate, done, tmp_path, capsys):
    words = ["--variants", "text", "image", "audio", "late_fusion"]
    assert ablate(*words, "--train.seeds", "1", "2") == 0
    assert done == ["1", "2", "measure"] * 3
    assert f"test ({ROWS} rows, 2 seeds)" in capsys.readouterr().out
    rows = read(tmp_path)["splits"]["test"]["variants"]
    for name in words[1:]:
        accuracy = rows[name]["seeds"]["accuracy"]
        assert accuracy["mean"] == pytest.approx(np.mean(accuracy["values"]))
        assert len(accuracy["values"]) == 2
    done.clear()
    assert ablate(*words, "--train.seeds", "1", "2", "3") == 0
    assert done == ["3", "measure"] * 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--variants", "late_fusion", "text"], "--variants without image audio"),
        (
            ["--variants", "audio", "--model.modalities", "text", "image"],
            "audio, with --model.modalities text image",
        ),
        (["--model.modalities", "text"], "two modalities or more"),
    ],
)
def test_what_cannot_be_compared_is_refused(ablate, done, words, message, capsys):
    assert ablate(*words) == 2
    assert message in capsys.readouterr().err
    assert not done


def test_a_run_is_no_place_for_a_variant(demo_data, tmp_path):
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "notes.txt").touch()
    words = ["ablate", demo_data, str(tmp_path), "--preset=tiny", "--variants=text"]
    assert main(words) == 2
    assert (
        Plan(data="", fingerprint="", out="o", splits=()).run("text").folder == "o/text"
    )


@pytest.mark.large
def test_an_ablation_by_the_command_line(demo_data, tmp_path, capsys):
    out = str(tmp_path / "out")
    words = ["ablate", demo_data, out, "--preset", "tiny", "--json"]
    words += ["--model.modalities", "text", "image"]
    assert main([*words, "--variants", "text", "image", "late_fusion"]) == 0
    ablation = json.loads(capsys.readouterr().out)
    rows = ablation["splits"]["test"]["variants"]
    with open(f"{out}/text/metrics.json") as file:
        metrics = json.load(file)["test"]
    for figure in ("accuracy", "loss", "ece"):
        assert rows["text"][figure] == pytest.approx(metrics[figure])
    assert ablation["models"]["text"]["parameters"] > 1000
    assert rows["late_fusion"]["accuracy"] <= 1
