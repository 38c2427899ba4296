import pytest

from pipelines.inspection.phrases import are, counted, listed, name_of


@pytest.mark.parametrize(
    ("words", "total", "text"),
    [
        (["a"], 1, "a"),
        (["a", "b", "c"], 3, "a, b and c"),
        (list("abcdefg"), 7, "a, b, c, d, e and 2 more"),
        (["a", "b"], 1200, "a, b and 1,198 more"),
    ],
)
def test_lists_name_a_few_and_count_the_rest(words, total, text):
    assert listed(words, total) == text


def test_numbers_have_their_plurals():
    assert [counted(n, "row") for n in (1, 0, 1200)] == [
        "1 row",
        "0 rows",
        "1,200 rows",
    ]
    assert counted(2, "text", "texts") == "2 texts"
    assert (are(1), are(2)) == ("is", "are")


def test_rows_without_id_have_a_name():
    assert (name_of("a"), name_of("")) == ("a", "a row without id")
