import dataclasses

import pytest

from mmtf.report.inspection_page import inspection_page
from mmtf.report.inspection_plots import counted_histogram, share_bars
from pipelines.inspection import inspect_shards
from pipelines.inspection.findings import Leak, Pair, Suspect
from pipelines.rows import Row, read_rows_at
from tests.mmtf.report.read_page import Page


@pytest.fixture(scope="module")
def found(demo_data):
    inspection = inspect_shards(demo_data, processes=1, progress=False)
    rows = [
        Suspect(
            id=f"<b>{position}", split="train", position=position, given="neutral",
            likely="positive", given_score=0.01, likely_score=0.9,
        )
        for position in range(6)
    ]  # fmt: skip
    pair = Pair(id="<i>x", other_id="y", near=True)
    leak = Leak(split="test", source="train", same=0, near=1, pairs=(pair,))
    suspicion = dataclasses.replace(
        inspection.suspicion, reason="", score=0.6, baseline=0.4, suspects=tuple(rows)
    )
    return dataclasses.replace(inspection, suspicion=suspicion, leaks=(leak,))


@pytest.fixture(scope="module")
def rows(demo_data):
    chosen = read_rows_at(demo_data, "train", range(6))
    return {("train", position): row for position, row in enumerate(chosen)}


def parse(page):
    parsed = Page(page)
    assert not parsed.faults
    return parsed.elements


def test_the_page_is_sound_and_shows_the_suspects_media(found, rows):
    page = inspection_page(found, rows)
    tags = parse(page)
    images = [attrs for tag, attrs in tags if tag == "img"]
    assert len(images) == sum(bool(row.image) for row in rows.values())
    assert all(image["alt"].startswith("The image of row") for image in images)
    recordings = [attrs for tag, attrs in tags if tag == "audio"]
    assert len(recordings) == sum(bool(row.audio) for row in rows.values())
    assert all(row.text[:20] in page for row in rows.values())


def test_what_comes_from_the_data_is_escaped(found, rows):
    page = inspection_page(found, rows)
    assert "<b>0" not in page
    assert "row &lt;b&gt;0 of train" in page
    assert "&lt;i&gt;x" in page


def test_plots_say_in_words_what_they_show(found, rows):
    tags = parse(inspection_page(found, rows))
    words = [attrs["aria-label"] for tag, attrs in tags if tag == "svg"]
    assert any(
        text.startswith("Shares of the labels. train: negative") for text in words
    )
    assert any("Distribution of text words: half of the rows" in text for text in words)


def test_broken_media_are_left_out(found):
    row = Row(id="a", text="t" * 900, image=b"broken", audio=b"broken", label=0)
    page = inspection_page(found, {("train", 0): row})
    assert not [tag for tag, _ in parse(page) if tag in ("img", "audio")]
    assert "Its image cannot be shown." in page
    assert "Its recording cannot be played." in page


def test_numbers_have_a_page_too(found):
    labels = {"minimum": 0.0, "0.5": 1.0, "maximum": None}
    splits = {
        name: dataclasses.replace(split, labels=labels)
        for name, split in found.splits.items()
    }
    suspects = (dataclasses.replace(found.suspicion.suspects[0], likely_score=None),)
    suspicion = dataclasses.replace(found.suspicion, suspects=suspects)
    numbers = dataclasses.replace(
        found, task="regression", splits=splits, suspicion=suspicion, leaks=()
    )
    page = inspection_page(numbers, {})
    parse(page)
    assert "not defined" in page
    assert "There is no leak" in page
    assert "deviations apart" in page


def test_bars_have_a_place_for_each_value_and_series():
    shares = {"train": [0.25, 0.75], "test": [0.5, 0.5]}
    svg = share_bars("labels", "in words", shares, ["$good", "b" * 40])
    assert svg.count("var(--series-0)") >= 2
    assert svg.count("var(--series-1)") >= 2
    assert "$good" in svg
    assert "b" * 19 + "\N{HORIZONTAL ELLIPSIS}" in svg
    assert 'aria-label="in words"' in svg


def test_a_histogram_has_a_bar_for_each_count():
    svg = counted_histogram(
        "words", "in words", [0, 1, 2, 3], [4, 5, 6], x_label="words", tone="text"
    )
    assert svg.count("fill: var(--text)") == 3
