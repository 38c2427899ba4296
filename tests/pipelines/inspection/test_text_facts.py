import pytest

from pipelines.inspection.facts import EMPTY, SOUND
from pipelines.inspection.text_facts import text_facts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Not bad at all.", 4),
        ("don't", 2),
        ("5 stars", 2),
        ("とても良い", 5),
        ("फ़िल्म अच्छी थी", 3),
        ("\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}", 0),
        ("?!", 0),
    ],
)
def test_words_are_runs_of_letters_and_digits_or_single_characters(text, words):
    facts = text_facts(text)
    assert facts["text_words"] == words
    assert facts["text_characters"] == len(text)
    assert facts["text_state"] == (SOUND if words else EMPTY)


@pytest.mark.parametrize(
    "other", ["good  DAY", "Good, day!", "ｇｏｏｄ day", "'good' - day"]
)
def test_near_texts_differ_in_case_spaces_and_punctuation(other):
    facts, others = text_facts("Good day"), text_facts(other)
    assert facts["text_near"] == others["text_near"]
    assert facts["text_same"] != others["text_same"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("a b", "ab"), ("good", "goods"), ("?", "!"), ("ที่", "ทุ"), ("अच्छी", "अच्छा")],
)
def test_other_texts_are_not_near(one, other):
    assert text_facts(one)["text_near"] != text_facts(other)["text_near"]
