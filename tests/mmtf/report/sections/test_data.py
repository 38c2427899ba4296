from mmtf.report.sections.data import MAX_LABELS, describe
from tests.mmtf.report.made import DATA_REPORT


def test_rows_modalities_and_labels_of_each_split():
    shown = describe(DATA_REPORT)
    assert shown["splits"][0] == {
        "name": "train",
        "rows": "1,000",
        "present": [("900", "90.0%"), ("1,000", "100.0%"), ("1,000", "100.0%")],
    }
    assert shown["labels"][0] == ("bad", ["500 (50%)", "20 (33%)"])
    assert shown["labels"][1] == ("<b>so & so</b>", ["250 (25%)", "0 (0%)"])


def test_what_the_build_left_out_is_told():
    assert describe(DATA_REPORT)["losses"] == [
        "1 row left out: no label",
        "2 rows lost image: is no image",
    ]
    repeated = describe({**DATA_REPORT, "duplicate_ids": 3})
    assert repeated["losses"][-1] == "3 rows repeat the id of another"


def test_numbers_are_summed_up():
    split = {
        "rows": 2,
        "present": {"text": 2, "image": 2, "audio": 2},
        "labels": {"minimum": -1.0, "mean": 0.5, "maximum": 2.0},
    }
    report = {
        **DATA_REPORT,
        "labels": {"task": "regression"},
        "splits": {"test": split},
    }
    shown = describe(report)
    assert shown["labels"] == [
        ("minimum", ["\N{MINUS SIGN}1.000"]),
        ("mean", ["0.500"]),
        ("maximum", ["2.000"]),
    ]
    assert not shown["is_classes"]


def test_of_many_classes_some_are_listed():
    labels = {f"class {index}": 1 for index in range(MAX_LABELS + 2)}
    train = {**DATA_REPORT["splits"]["train"], "labels": labels}
    shown = describe({**DATA_REPORT, "splits": {"train": train}})
    assert len(shown["labels"]) == MAX_LABELS
    assert shown["left_out"] == 2


def test_without_a_report_there_is_nothing():
    assert describe(None) is None
