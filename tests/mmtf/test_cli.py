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
    for verb in (
        "demo", "build", "train", "evaluate", "export", "check", "serve", "predict",
        "explain", "bench",
    ):  # fmt: skip
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
        (
            ["predict", "--text", "t", "--server", "localhost:1", "--retries", "0"],
            "does not answer",
        ),
        (["predict", "--image", "nowhere.jpg"], "'nowhere.jpg'"),
        (["predict", "--text", "t", "--manifest", "m.csv"], "Received: both"),
        (["predict", "--manifest", "m.csv"], "go together. Received: one of them"),
        (["predict", "--text", "t", "--metadata", "k"], "must be KEY=VALUE"),
        (["predict", "--text", "t", "--tls-key", "k"], "must be given together"),
        (["check", "nowhere"], "nowhere"),
        (["export", "R", "M", "--batch-sizes", "0"], "batch_sizes"),
        (["serve"], "must be told what to serve"),
        (["serve", "M", "--model_base_path=/M"], "told what to serve once"),
        (["serve", "--model_base_path=M"], "Failed to start server"),
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


def test_switches_are_spelled_as_the_servers(monkeypatch):
    served = []
    monkeypatch.setattr("export.serve.serve", served.append)
    words = ["--model_base_path=/m", "--enable_batching=true", "--port=7"]
    assert main(["serve", *words, "--enable_model_warmup=false"]) == 0
    (options,) = served
    assert (options.enable_batching, options.enable_model_warmup) == (True, False)
    assert (options.model_base_path, options.port) == ("/m", 7)


def test_a_package_that_is_not_installed_is_named(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "grpc", None)
    monkeypatch.delitem(sys.modules, "export.client.clients", raising=False)
    monkeypatch.delattr("export.client.clients", raising=False)
    assert main(["predict", "--text", "t"]) == 2
    error = capsys.readouterr().err
    assert "no 'grpc'. Try `pip install 'mmtf[train]'`" in error


def test_check_tells_by_its_status(arithmetic_like, capsys):
    good, bad = arithmetic_like
    assert main(["check", good, "--server", "2.20", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["releases"] == {"2.20": True}
    assert main(["check", bad, "--server", "2.20"]) == 1
    assert "PyFunc" in capsys.readouterr().out


@pytest.fixture
def arithmetic_like(tmp_path):
    import tensorflow as tf

    vector = tf.TensorSpec([None], tf.float32)
    functions = {
        "good": lambda x: {"y": 2 * x},
        "bad": lambda x: {"y": tf.numpy_function(lambda y: y, [x], tf.float32)},
    }
    folders = []
    for name, function in functions.items():
        module = tf.Module()
        module.function = tf.function(function, input_signature=[vector])
        folders.append(str(tmp_path / name))
        tf.saved_model.save(module, folders[-1], signatures=module.function)
    return folders
