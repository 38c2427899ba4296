from mmtf.evaluation.table import format_table

METRICS = {
    "examples": 20,
    "subsets": {
        "text": {"loss": 0.5, "accuracy": 0.75, "roc_auc": None},
        "text+image": {"loss": 0.25, "accuracy": 0.9, "roc_auc": 0.875},
    },
}


def test_the_table_to_the_letter():
    assert format_table("test", METRICS) == "\n".join(
        [
            "test (20 rows)  accuracy      ROC-AUC   loss",
            "--------------------------------------------",
            "text               0.750  not defined  0.500",
            "text+image         0.900        0.875  0.250",
        ]
    )


def test_the_best_possible_stands_beside_it():
    oracle = {"text": 0.8, "text+image": 0.95}
    lines = format_table("test", METRICS, oracle=oracle).splitlines()
    assert lines[0].endswith("best possible")
    assert lines[-1].endswith("0.950")
