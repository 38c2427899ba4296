import json

import pytest

from mmtf.cli import main
from pipelines.build import build

OPTIONS = ["--processes", "1", "--suspects", "0"]


@pytest.fixture(scope="module")
def leaking_data(tmp_path_factory):
    """Texts alone, two of test in train."""
    folder = tmp_path_factory.mktemp("leaking")
    rows = [f"row number {i} has a text,{'ab'[i % 2]},train,r{i}" for i in range(20)]
    rows += [f"row number {i} has a text,{'ab'[i % 2]},test,t{i}" for i in (3, 8, 30)]
    text = "text,label,split,id\n" + "\n".join(rows)
    (folder / "manifest.csv").write_text(text, encoding="utf-8")
    build(str(folder / "manifest.csv"), str(folder / "data"), processes=1)
    return str(folder / "data")


def test_a_leak_is_an_error_by_option(leaking_data, capsys):
    assert main(["inspect", leaking_data, *OPTIONS]) == 0
    capsys.readouterr()
    assert main(["inspect", leaking_data, *OPTIONS, "--fail-on-leak"]) == 1
    output = capsys.readouterr()
    # In the order of the shards.
    sentence = "2 rows of test are also in train: t8 (as r8) and t3 (as r3)."
    assert f"leak:  {sentence}" in output.out
    assert output.err.endswith(f"mmtf: {sentence}\n")


def test_data_without_leaks_pass(demo_data, capsys):
    assert main(["inspect", demo_data, *OPTIONS, "--fail-on-leak"]) == 0
    assert "also in train:" not in capsys.readouterr().out


def test_programs_read_json_and_people_a_page(leaking_data, tmp_path, capsys):
    page = tmp_path / "page.html"
    assert main(["inspect", leaking_data, *OPTIONS, "--json", "--html", str(page)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["leaks"][0]["same"] == 2
    assert "2 rows of test are also in train" in page.read_text(encoding="utf-8")


def test_suspects_are_shown_with_their_media(demo_data, tmp_path):
    page = tmp_path / "page.html"
    options = ["--processes", "1", "--suspects", "3", "--html", str(page)]
    assert main(["inspect", demo_data, *options]) == 0
    assert 'id="suspects"' in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["missing/page.html", "."])
def test_the_page_needs_a_folder(demo_data, tmp_path, capsys, path):
    assert main(["inspect", demo_data, "--html", str(tmp_path / path)]) == 2
    assert "`--html` must be a file in a folder that exists" in capsys.readouterr().err
