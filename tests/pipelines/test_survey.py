import pytest

from mmtf.config import Labels
from mmtf.errors import InputError
from pipelines.survey import Source, survey, usable_rows
from pipelines.tally import Tally


def source(tmp_path, text, **options):
    (tmp_path / "m.csv").write_text(text)
    defaults = {"label": "label", "task": "classification"}
    return Source(
        manifest=str(tmp_path / "m.csv"), split_fractions=(1.0, 0.0, 0.0),
        **{**defaults, **options},
    )  # fmt: skip


HEAD = "id,text,image,label,split\n"


def test_labels_and_rows_by_split(tmp_path):
    text = HEAD + "r0,a,,x,test\nr1,a,,y,val\nr2,,i.jpg,x,\nr3,a,,x,test\n"
    found = survey(source(tmp_path, text), Tally("drop"))
    assert found.labels == Labels(class_names=("x", "y"))
    assert found.rows == {"test": 2, "validation": 1, "train": 1}
    assert found.duplicate_ids == 0


def test_rows_with_nothing_to_use_go_to_the_tally(tmp_path):
    tally = Tally("drop")
    survey(source(tmp_path, HEAD + "r0,a,,,\nr1,,,z,\nr2\nr3,a,,x,\n"), tally)
    assert tally.reasons().split(", 1 ") == [
        "1 no label",
        "no text, image or audio",
        "not as many cells as there are columns",
    ]


def test_a_row_without_modality_makes_no_class(tmp_path):
    found = survey(source(tmp_path, HEAD + "r0,a,,x,\nr1,,,z,\n"), Tally("drop"))
    assert found.labels.class_names == ("x",)


def test_ids_that_return_are_counted(tmp_path):
    text = HEAD + "r0,a,,x,\nr1,a,,x,\nr0,a,,x,\nr0,a,,x,\n"
    assert survey(source(tmp_path, text), Tally("drop")).duplicate_ids == 2


def test_the_usable_rows_of_a_split(tmp_path):
    text = HEAD + "r0,a,,x,test\nr1,a,,,test\nr2\nr3,a,,x,train\nr4,a,,x,test\n"
    rows = usable_rows(source(tmp_path, text), "test")
    assert [(row.index, row.id) for row in rows] == [(0, "r0"), (4, "r4")]


def test_no_usable_row_is_an_error_with_the_reasons(tmp_path):
    with pytest.raises(InputError, match=r"Received: .*m.csv' \(2 no label\)"):
        survey(source(tmp_path, HEAD + "r0,a,,,\nr1,a,,,\n"), Tally("drop"))
    with pytest.raises(InputError, match=r"\(no rows\)"):
        survey(source(tmp_path, HEAD), Tally("drop"))


def test_failing_stops_at_the_first_row(tmp_path):
    with pytest.raises(InputError, match="row 'r1': no label"):
        survey(source(tmp_path, HEAD + "r0,a,,x,\nr1,a,,,\n"), Tally("fail"))


def test_a_label_of_the_wrong_kind_is_an_error(tmp_path):
    with pytest.raises(InputError, match="finite number. Received: 'x' in row 'r0'"):
        survey(source(tmp_path, HEAD + "r0,a,,x,\n", task="regression"), Tally("drop"))
