import pytest

from mmtf.config import Labels
from mmtf.errors import InputError
from pipelines import labels as labels_module
from pipelines.labels import LabelFinder, class_name, encode_label


def find(task, *cells):
    finder = LabelFinder(task)
    for index, cell in enumerate(cells):
        finder.add(f"r{index}", cell)
    return finder.labels()


def test_class_names_are_sorted_and_unique():
    assert find("classification", "b", "a", "10", "b") == Labels(
        class_names=("10", "a", "b")
    )


def test_a_class_name_is_normalised():
    # e and a combining accent are the letter that has it.
    assert class_name(" cafe\u0301\n  noir ") == "caf\u00e9 noir"
    assert find("classification", "a  b", "a b").class_names == ("a b",)


def test_regression_has_no_classes():
    assert find("regression", "1", "-2.5e3") == Labels(task="regression")


@pytest.mark.parametrize("cell", ["good", "inf", "nan", "1e39", "1,5"])
def test_what_is_no_number_is_an_error_in_regression(cell):
    message = f"a finite number. Received: '{cell}' in row 'r1'. Use --task class"
    with pytest.raises(InputError, match=message):
        find("regression", "1", cell)


def test_measurements_are_an_error_in_classification():
    with pytest.raises(InputError, match="3 of them, such as '0.25' in row 'r1'. Use "):
        find("classification", "1", "0.25", "-1.5")


def test_grades_with_fractions_are_classes():
    assert find("classification", "0.5", "1.0", "0.5").class_names == ("0.5", "1.0")


def test_one_odd_fraction_makes_no_measurements():
    names = find("classification", "0.5", "1", "1", "2", "2", "x").class_names
    assert names == ("0.5", "1", "2", "x")


def test_too_many_classes_are_an_error(monkeypatch):
    monkeypatch.setattr(labels_module, "MAX_CLASSES", 2)
    with pytest.raises(InputError, match="3 of them, such as 'c' in row 'r2'"):
        find("classification", "a", "b", "c")


def test_an_unknown_task_is_an_error():
    with pytest.raises(InputError, match="classification or regression. Received: 'x'"):
        LabelFinder("x")


def test_encoding():
    names = Labels(class_names=("a", "b c"))
    assert encode_label(" b  c", names) == 1
    assert encode_label("-2.5", Labels(task="regression")) == -2.5


def test_encoding_what_is_no_class_is_an_error():
    with pytest.raises(ValueError, match="one of .*'a'.* Received: 'b'"):
        encode_label("b", Labels(class_names=("a", "c")))
