from mmtf.evaluation.classification import CLASSIFICATION_METRICS
from mmtf.evaluation.regression import REGRESSION_METRICS, SENTIMENT_METRICS
from mmtf.report.figures import label, present, show, show_interval


def test_every_figure_that_is_measured_has_a_name():
    for task, keys in (
        ("classification", CLASSIFICATION_METRICS),
        ("regression", (*REGRESSION_METRICS, *SENTIMENT_METRICS)),
    ):
        assert set(present([*keys, "intervals", "examples"])) == set(keys)
        assert len({label(key, task) for key in keys}) == len(keys)


def test_accuracies_are_shown_in_per_cent():
    assert show("balanced_accuracy", 0.5) == "50.0%"
    assert show("f1", 0.5) == "0.500"
    assert show_interval("accuracy", [0.25, 0.75]) == "25.0% to 75.0%"
    assert show_interval("accuracy", None) == ""


def test_the_loss_is_named_by_its_task():
    assert label("loss", "classification") == "log loss"
    assert label("loss", "regression") == "mean squared error"
