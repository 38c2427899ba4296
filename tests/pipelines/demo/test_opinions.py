import re

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from pipelines.demo.opinions import TURNED_OPINIONS, write_opinion
from pipelines.demo.oracle import MOODS
from pipelines.demo.rows import draw_rows


def opinions(count, seed=0):
    rng = np.random.default_rng(seed)
    return [(mood, write_opinion(mood, rng)) for mood in MOODS for _ in range(count)]


def test_five_to_thirty_words_of_a_small_vocabulary():
    texts = [text for _, text in opinions(2000)]
    assert all(5 <= len(text.split()) <= 30 for text in texts)
    assert len(set(re.findall(r"\w+", " ".join(texts).lower()))) < 200


def test_sentences_are_whole():
    for _, text in opinions(300):
        assert re.fullmatch(r"([A-Z][A-Za-z, ]+\.)( [A-Z][A-Za-z, ]+\.)*", text), text
        assert "{" not in text


def test_same_generator_same_text():
    assert opinions(20, seed=4) == opinions(20, seed=4)
    assert opinions(20, seed=4) != opinions(20, seed=5)


def test_texts_vary():
    assert len({text for _, text in opinions(500)}) > 1400


@pytest.mark.parametrize("mood", MOODS)
def test_some_opinions_are_turned(mood):
    turned = [re.sub(r"\{\w+\}", r"\\w+", t) for t in TURNED_OPINIONS[mood]]
    texts = [text for label, text in opinions(500) if label == mood]
    share = np.mean([any(re.search(t, text, re.I) for t in turned) for text in texts])
    assert 0.05 < share < 0.2


def test_words_nearly_tell_the_mood():
    """Learned from noisy labels, as in the corpus, and held to the mood shown."""
    rows = [row for row in draw_rows(1600, 0) if "text" in row.shown]
    texts = [
        write_opinion(row.shown["text"], np.random.default_rng([1, number]))
        for number, row in enumerate(rows)
    ]
    counts = CountVectorizer().fit_transform(texts)
    train_mask = np.array([row.split == "train" for row in rows])
    model = LogisticRegression(C=0.1, max_iter=500)
    model.fit(counts[train_mask], [r.label for r in rows if r.split == "train"])
    shown = [row.shown["text"] for row in rows if row.split != "train"]
    assert 0.94 < model.score(counts[~train_mask], shown) < 1
