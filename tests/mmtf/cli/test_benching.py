import json

import pytest

from mmtf.cli import main

OPTIONS = ["--preset", "tiny", "--seconds", "0.01", "--rounds", "1"]


def test_a_table_with_the_slowest_stage_and_the_machine(demo_data, capsys):
    assert main(["bench", "input", demo_data, *OPTIONS]) == 0
    shown = capsys.readouterr().out
    for words in ("decode image", "whole, training", "rows/s", "The slowest stage is"):
        assert words in shown
    assert "cores" in shown.splitlines()[-1]


def test_figures_as_json(demo_data, capsys):
    assert main(["bench", "input", demo_data, *OPTIONS, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    names = [stage["stage"] for stage in found["stages"]]
    assert found["slowest_stage"] in names
    assert found["machine"]["cores"] >= 1


def test_only_the_input_is_measured():
    with pytest.raises(SystemExit, match="2"):
        main(["bench", "output", "DATA"])
