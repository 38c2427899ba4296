from mmtf.evaluation.table import format_seeds, format_table

METRICS = {
    "examples": 20,
    "subsets": {
        "text": {
            "loss": 0.5, "accuracy": 0.75, "roc_auc": None,
            "intervals": {"accuracy": [0.6, 0.9]},
        },
        "text+image": {
            "loss": 0.25, "accuracy": 0.9, "roc_auc": 0.875,
            "intervals": {"accuracy": None},
        },
    },
    "comparisons": {
        "best_single": "image",
        "against": {
            "text": {"sentence": "better than text alone"},
            "image": {"sentence": "not shown to differ from image alone"},
            "text+image": {"sentence": "worse than text+image"},
        },
    },
}  # fmt: skip


def test_the_table_to_the_letter():
    assert format_table("test", METRICS) == "\n".join(
        [
            "test (20 rows)  accuracy    95% interval      ROC-AUC   loss",
            "------------------------------------------------------------",
            "text               0.750  0.600 to 0.900  not defined  0.500",
            "text+image         0.900     not defined        0.875  0.250",
            "",
            "All modalities together are",
            "  not shown to differ from image alone",
            "  worse than text+image",
        ]
    )


def test_the_best_possible_stands_beside_it():
    oracle = {"text": 0.8, "text+image": 0.95}
    lines = format_table("test", METRICS, oracle=oracle).splitlines()
    assert lines[0].endswith("best possible")
    assert lines[3].endswith("0.950")


def test_numbers_have_the_interval_of_their_error():
    figures = {"mae": 0.5, "accuracy_7": 0.25, "intervals": {"mae": [0.4, 0.6]}}
    lines = format_table("test", METRICS | {"subsets": {"text": figures}}).splitlines()
    assert lines[0].split() == [
        "test",
        "(20",
        "rows)",
        "MAE",
        "95%",
        "interval",
        "acc-7",
    ]
    assert lines[2].split() == ["text", "0.500", "0.400", "to", "0.600", "0.250"]


def test_the_table_of_seeds_to_the_letter():
    accuracy = {"mean": 0.75, "std": 0.0125, "values": [0.74, 0.76]}
    undefined = {"mean": None, "std": None, "values": [None, 0.5]}
    figures = {"accuracy": accuracy, "roc_auc": undefined}
    assert format_seeds("test", {**figures, "subsets": {"text": figures}}) == "\n".join(
        [
            "test, 2 seeds       accuracy      ROC-AUC",
            "-----------------------------------------",
            "text           0.750 ± 0.013  not defined",
        ]
    )
