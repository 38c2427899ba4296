from mmtf.config import Labels
from pipelines import report as report_module
from pipelines.report import BuildReport, Mention, SplitReport


def split(rows, **labels):
    return SplitReport(
        rows=rows, present={"text": rows, "image": 1, "audio": 0}, labels=labels
    )


REPORT = BuildReport(
    labels=Labels(class_names=("bad", "good")),
    image_side=64,
    sample_rate_hz=8000,
    splits={"train": split(12, bad=7, good=5), "test": split(3, bad=1, good=2)},
    dropped={"no label": Mention(count=3, ids=("r1", "r2"))},
    lost={"image": {"no such file": Mention(count=1, ids=("r3",))}},
    duplicate_ids=4,
)


def test_json_gives_the_same_report_back():
    assert BuildReport.from_json(REPORT.to_json()) == REPORT


def test_the_tables():
    assert str(REPORT).splitlines() == [
        "15 rows kept, 3 dropped, 1 media lost, 4 ids repeated",
        "",
        "split       rows  text  image  audio",
        "train         12    12      1      0",
        "validation     0     0      0      0",
        "test           3     3      1      0",
        "",
        "label  train  test",
        "bad        7     1",
        "good       5     2",
        "",
        "image lost",
        "  1  no such file: r3",
        "",
        "rows dropped",
        "  3  no label: r1, r2, ...",
    ]


def test_many_classes_are_cut(monkeypatch):
    monkeypatch.setattr(report_module, "MAX_LABEL_LINES", 1)
    assert "and 1 more in build_report.json" in str(REPORT)
    assert "good" not in str(REPORT)
