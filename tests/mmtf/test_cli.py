import json
import subprocess
import sys

import pytest

from mmtf.cli import main


def test_help_names_every_verb_and_loads_no_tensorflow():
    code = (
        "import sys; from mmtf.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    for verb in ("demo", "build", "train", "evaluate", "export", "serve", "predict"):
        assert verb in shown
    assert shown.endswith("False False\n")


def test_a_preset_gives_the_options_their_defaults(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--preset", "cnn_rnn", "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "--model.fusion {concat,gated,attention} (default: concat)" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["train", "D", "R", "--preset", "huge"], "must be one of tiny, small"),
        (["train", "D", "R", "--train.epochs", "0"], "`epochs` must be greater than"),
        (["train", "nowhere", "R"], "DATA must be a folder written by `mmtf build`"),
        (["build", "nowhere.csv", "D"], "nowhere.csv"),
        (["evaluate", "nowhere", "D"], "RUN must be a folder written by `mmtf train`"),
        (["export", "nowhere", "M"], "RUN must be a folder written by `mmtf train`"),
        (["serve", "nowhere"], "nowhere"),
        (["predict"], "must have a text, an image or an audio"),
        (["predict", "--text", "t", "--server", "localhost:1"], "does not answer"),
        (["predict", "--image", "nowhere.jpg"], "'nowhere.jpg'"),
    ],
)
def test_a_mistake_is_one_sentence_and_status_2(words, message, capsys, tmp_path):
    assert main(words) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.startswith("mmtf: ")
    assert "Traceback" not in error


def test_an_unknown_option_is_status_2(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["train", "D", "R", "--train.momentum", "0.9"])
    assert "--train.momentum" in capsys.readouterr().err


def test_build_reports_as_json(demo_corpus, tmp_path, capsys):
    manifest, data = f"{demo_corpus}/manifest.csv", str(tmp_path / "data")
    assert main(["build", manifest, data, "--processes", "1", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert sum(split["rows"] for split in report["splits"].values()) == 60
