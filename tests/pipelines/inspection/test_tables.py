import dataclasses

from pipelines.inspection.tables import format_inspection, table_lines
from tests.pipelines.inspection.test_notices import CLEAN


def lines_of(inspection):
    return [
        " ".join(line.split()) for line in format_inspection(inspection).split("\n")
    ]


def test_all_that_was_found_is_shown(found):
    lines = lines_of(found)
    assert lines[0].endswith("faulty: 176 rows")
    assert "train 111 111 110 110" in lines
    assert "test in train 2 +1 near 2 +1 near 1 +1 near 2 +1 near" in lines
    assert any(line.startswith("text words 0 10 10 10 10") for line in lines)
    assert any(line.startswith("images: JPEG") for line in lines)
    assert any(line.startswith("labels across splits: chi-square") for line in lines)


def test_suspects_have_a_line_each(found):
    lines = lines_of(found)
    for suspect in found.suspicion.suspects:
        start = f"{suspect.id} {suspect.split} {suspect.given} {suspect.likely} "
        assert sum(line.startswith(start) for line in lines) == 1


def test_what_needs_attention_comes_last(found):
    lines = format_inspection(found).split("\n")
    ends = [f"  {n.severity + ':':<6} {n.sentence}" for n in found.notices]
    assert lines[-len(ends) :] == ends


def test_clean_data_need_no_attention():
    splits = {
        name: dataclasses.replace(split, combinations={"text": 1})
        for name, split in CLEAN.splits.items()
    }
    clean = dataclasses.replace(CLEAN, splits=splits)
    assert lines_of(clean)[-1] == "Nothing needs attention."


def test_columns_line_up():
    rows = [("a", "b", "unit"), ("long", "1", "px")]
    assert table_lines(rows) == ["a     b  unit", "long  1    px"]
    assert table_lines(rows, last_left=True) == ["a     b  unit", "long  1  px"]
