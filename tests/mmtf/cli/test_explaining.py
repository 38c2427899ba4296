import json

import pytest

from mmtf.cli import main
from tests.pipelines.media_samples import image_bytes


def test_json_and_a_page(run_folder, tmp_path, capsys):
    page = tmp_path / "why.html"
    words = ["explain", run_folder, "--text", "not bad", "--class", "gut"]
    assert main([*words, "--json", "--html", str(page)]) == 0
    shown = capsys.readouterr()
    answer = json.loads(shown.out)
    assert answer["explained"] == "gut"
    total = sum(value["gut"] for value in answer["contributions"].values())
    expected = answer["scores"]["gut"] - answer["base_scores"]["gut"]
    assert total == pytest.approx(expected, abs=1e-5)
    assert str(page) in shown.err
    assert "Why gut" in page.read_text(encoding="utf-8")


def test_a_file_of_any_format_is_read_as_rows_are(run_folder, tmp_path, capsys):
    image = tmp_path / "me.webp"
    image.write_bytes(image_bytes([[[9, 99, 199]] * 40] * 30, format="WEBP"))
    assert main(["explain", run_folder, "--image", str(image)]) == 0
    shown = capsys.readouterr().out
    assert "what each part of the image adds to the log-odds of" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [([], "must have a text, an image or an audio. Received: none"),
     (["--image", "nowhere.png"], "'nowhere.png'"),
     (["--text", "a", "--class", "ugly"], "must be one of schlecht, mäßig, gut"),
     (["--text", "a", "--html", "/nowhere/a.html"], "`--html` must be a file"),
     (["--text", "a", "--html", ""], "`--html` must be a file")],
)  # fmt: skip
def test_a_mistake_is_one_sentence(run_folder, words, message, capsys):
    assert main(["explain", run_folder, *words]) == 2
    assert message in capsys.readouterr().err


def test_it_needs_a_run(capsys):
    assert main(["explain", "nowhere", "--text", "a"]) == 2
    assert "RUN must be a folder written by" in capsys.readouterr().err
