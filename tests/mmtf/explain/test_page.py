import re

import pytest

from mmtf.explain import explanation_page
from tests.mmtf.explain.examples import classes, regression
from tests.mmtf.report.read_page import Page


@pytest.fixture(scope="module")
def page():
    return explanation_page(classes())


def test_it_brings_all_it_shows(page):
    assert not Page(page).faults
    elements = Page(page).elements
    sources = [a["src"] for _, a in elements if "src" in a]
    assert len(sources) == 3
    assert all(source.startswith("data:") for source in sources)
    assert "script" not in {tag for tag, _ in elements}
    assert all(a["alt"] for tag, a in elements if tag == "img")


def test_what_comes_from_data_stays_text(page):
    assert "<b>" not in page
    assert "<good>" not in page
    assert "Why &lt;good&gt;" in page


def test_words_are_coloured_by_what_they_say(page):
    words = re.findall(
        r'( ?)<span class="(\w+)\b[^"]*" style="--strength: (\d+)%', page
    )
    assert words == [("", "for", "60"), (" ", "against", "30"), ("", "for", "15")]


def test_contributions_are_shown_to_add_up(page):
    text = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert (
        "0.500 with nothing seen + 0.400 from the text − 0.100 from the image"
        " + 0.000 from the audio = 0.800." in text
    )
    assert "row 2 of 8 from the top, column 7 of 8 from the left" in page
    assert "most is from 0.1 to 0.2 s" in page


def test_what_is_absent_has_no_section():
    page = explanation_page(regression())
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page)
    assert headings == [
        "What each modality adds", "Which words", "How exact these figures are",
    ]  # fmt: skip
    assert "Why this value" in page
    assert "<img" not in page
