from mmtf.report.sections.limitations import limitations
from tests.mmtf.report.made import made_evidence


def said(evidence):
    return " ".join(limitations(evidence))


def test_the_width_of_the_interval_and_the_weakest_class():
    evidence = made_evidence()
    full = evidence.figures["subsets"]["text+image+audio"]
    full["intervals"]["accuracy"] = [0.80, 0.884]
    evidence.figures["per_class"]["good"]["recall"] = 0.125
    evidence.figures["per_class"]["good"]["support"] = 16
    evidence.figures["per_class"]["bad"]["recall"] = None
    text = said(evidence)
    assert "With 60 rows the accuracy is known to about 4.2 points" in text
    assert "It finds good least often: in 12.5% of its 16 rows." in text


def test_the_weakest_modality_of_either_task():
    for task, key, worst in (
        ("classification", "accuracy", 0.1),
        ("regression", "mae", 9),
    ):
        evidence = made_evidence(task)
        evidence.figures["subsets"]["audio"][key] = worst
        assert "With audio alone it does worst" in said(evidence)


def test_what_was_not_measured_is_said_until_it_is():
    bare = said(made_evidence(robustness=None, is_calibrated=False))
    full = said(made_evidence(seeds={"accuracy": {}}))
    for words in ("another seed", "noise", "not calibrated"):
        assert words in bare
        assert words not in full
    assert "groups of people" in full


def test_figures_of_the_validation_split_flatter():
    assert "flatter" in said(made_evidence(split="validation"))
    assert "flatter" not in said(made_evidence())


def test_without_rows_nothing_measured_is_claimed():
    assert "does worst" not in said(made_evidence(rows=0))
    assert "does worst" not in said(made_evidence(figures=None))
