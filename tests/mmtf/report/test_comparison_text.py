from dataclasses import replace

from mmtf.report import compare_runs, format_comparison
from tests.mmtf.report.made import made_evidence


def test_runs_stand_side_by_side():
    first = made_evidence()
    train = replace(first.config.train, epochs=3)
    second = replace(first, name="longer", config=replace(first.config, train=train))
    lines = format_comparison(compare_runs([first, second])).splitlines()
    column = lines[0].index("longer")
    assert lines[0].split() == ["test", "made", "longer"]
    assert set(lines[1]) == {"-"}
    assert lines[2].split() == ["rows", "60", "60"]
    (epochs,) = [line for line in lines if line.startswith("train.epochs")]
    assert epochs[column:].strip() == "3"
    assert lines[-1].startswith("longer is not shown to differ from made")


def test_runs_of_the_same_options_are_said_to_be():
    first = made_evidence()
    text = format_comparison(compare_runs([first, replace(first, name="b")]))
    assert "Their options are the same." in text
