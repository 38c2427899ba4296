import pytest

from mmtf.evaluation.verdict import sentence

BETTER = {"difference": 0.091, "interval": [0.06, 0.123], "p_mcnemar": 1e-5}
WORSE = {"difference": -0.02, "interval": [-0.031, -0.004], "p_mcnemar": 0.012}
ALIKE = {"difference": 0.004, "interval": [-0.01, 0.02], "p_mcnemar": 0.4}


@pytest.mark.parametrize(
    ("rival", "comparison", "p", "expected"),
    [
        ("text", BETTER, 0.00004,
         "better than text alone by 9.1 points, 95% interval 6.0 to 12.3, p < 0.001"),
        ("image+audio", WORSE, 0.0123,
         "worse than image+audio by 2.0 points, 95% interval 0.4 to 3.1, p = 0.012"),
        ("text+image", ALIKE, 0.4,
         "not shown to differ from text+image: 0.4 points, 95% interval -1.0 to 2.0, "
         "p = 0.400"),
    ],
)  # fmt: skip
def test_the_sentence_to_the_letter(rival, comparison, p, expected):
    assert sentence(rival, comparison, p) == expected


def test_the_given_p_decides_not_the_comparisons_own():
    assert sentence("text", BETTER, 0.05).startswith("not shown to differ")
    assert sentence("text", BETTER, 0.049).startswith("better than")


def test_numbers_are_compared_by_their_error():
    comparison = {"difference": 0.12, "interval": [0.1, 0.1404], "p_mcnemar": None}
    assert sentence("text", comparison, 0.002) == (
        "better than text alone by 0.120 of mean absolute error, "
        "95% interval 0.100 to 0.140, p = 0.002"
    )
