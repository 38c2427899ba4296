import numpy as np
import pytest

from pipelines.inspection.facts import FACTS, SOUND, UNREADABLE
from pipelines.inspection.measures import measure_all

SPLITS = ("train", "test")


def text_rows(words):
    facts = np.zeros(len(words), FACTS)
    facts["text_state"] = SOUND
    facts["text_words"] = words
    return facts


def measure(facts, name, split_of_row=None):
    zeros = np.zeros(len(facts), int)
    return measure_all(facts, zeros if split_of_row is None else split_of_row, SPLITS)[
        name
    ]


def test_quantiles_of_each_split():
    words = np.array([3, 1, 4, 1, 5, 9, 2, 6])
    split_of_row = np.array([0, 0, 0, 0, 0, 1, 1, 1])
    found = measure(text_rows(words), "text words", split_of_row).quantiles
    assert list(found) == ["all", "train", "test"]
    assert found["all"]["0.25"] == np.quantile(words, 0.25)
    assert (found["train"]["0"], found["train"]["0.5"], found["train"]["1"]) == (
        1,
        3,
        5,
    )
    assert found["test"]["0.5"] == 6


def test_what_is_absent_or_unreadable_is_left_out():
    facts = text_rows([2, 70, 4])
    facts["text_state"][1] = UNREADABLE
    facts["audio_seconds"] = 9
    assert measure(facts, "text words").quantiles["all"]["1"] == 4
    assert "audio duration" not in measure_all(facts, np.zeros(3, int), SPLITS)


def test_bars_of_whole_numbers_hold_equally_many():
    found = measure(text_rows(np.arange(1, 8)), "text words")
    assert found.edges == tuple(range(1, 9))
    assert found.counts == (1,) * 7


@pytest.mark.parametrize("last", [50, 10**6])
def test_an_outlier_is_counted_in_the_last_bar(last):
    words = np.append(np.random.default_rng(0).integers(1, 50, 999), last)
    found = measure(text_rows(words), "text words")
    assert sum(found.counts) == 1000
    assert found.edges[-1] <= 52
    assert len(found.edges) == len(found.counts) + 1 <= 31


def test_equal_values_make_one_bar():
    facts = text_rows([1, 1])
    facts["audio_state"] = SOUND
    facts["audio_seconds"] = 1.5
    assert measure(facts, "audio duration").counts == (2,)
    assert measure(facts, "text words").counts == (2,)
