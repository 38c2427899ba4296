from mmtf.report.sections.classes import MAX_MATRIX_CLASSES, MAX_ROWS, describe
from tests.mmtf.report.made import made_evidence


def test_cells_are_counts_and_shares_of_the_true_class():
    evidence = made_evidence(names=("a", "b"))
    evidence.figures["confusion_matrix"] = [[3, 1], [0, 0]]
    first, second = describe(evidence)["matrix"]
    assert [cell["count"] for cell in first["cells"]] == [3, 1]
    assert [cell["percent"] for cell in first["cells"]] == ["75%", "25%"]
    assert [cell["is_right"] for cell in first["cells"]] == [True, False]
    assert [cell["percent"] for cell in second["cells"]] == ["", ""]


def test_of_many_classes_the_commonest_confusions_are_listed():
    names = tuple(f"class {index:02}" for index in range(MAX_ROWS + 5))
    assert len(names) > MAX_MATRIX_CLASSES
    evidence = made_evidence(names=names, rows=400)
    shown = describe(evidence)
    assert shown["matrix"] is None
    rows, share, true, answer = shown["confusions"][0]
    matrix = evidence.figures["confusion_matrix"]
    assert matrix[names.index(true)][names.index(answer)] == rows
    wrong = [
        matrix[i][j] for i in range(len(names)) for j in range(len(names)) if i != j
    ]
    assert rows == max(wrong)
    assert share.endswith("%")


def test_of_many_classes_the_worst_are_shown():
    names = tuple(f"class {index:02}" for index in range(MAX_ROWS + 5))
    evidence = made_evidence(names=names, rows=400)
    shown = describe(evidence)
    assert len(shown["classes"]) == MAX_ROWS
    assert shown["left_out"] == 5
    worst = min(of["f1"] for of in evidence.figures["per_class"].values())
    assert shown["classes"][0]["figures"][2][0] == f"{worst:.3f}"


def test_a_class_that_never_occurs_is_not_defined():
    evidence = made_evidence(names=("a", "b"))
    evidence.figures["per_class"]["b"] = {
        "precision": None, "recall": None, "f1": None, "support": 0,
    }  # fmt: skip
    assert describe(evidence)["classes"][1]["figures"][0] == ("not defined", 0)


def test_there_is_nothing_for_regression_or_before_evaluation():
    assert describe(made_evidence("regression")) is None
    assert describe(made_evidence(figures=None)) is None
