import re

import matplotlib
from matplotlib.figure import Figure

from mmtf.report.svg import color, style, to_svg


def draw(name="plot", alternative="a line"):
    with style():
        figure = Figure(figsize=(2, 1))
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], color=color("fused"), marker="o")
        axes.set_title("how <it> went & why --> so")
        return to_svg(figure, name, alternative)


def test_the_same_figure_is_the_same_text():
    assert draw() == draw()


def test_colours_are_the_pages():
    assert "stroke: var(--fused)" in draw()
    assert "#f1e0" not in draw()


def test_two_drawings_share_no_id_and_refer_to_their_own():
    ids = [set(re.findall(r'\bid="([^"]+)"', draw(name))) for name in ("a", "b")]
    assert ids[0] and not ids[0] & ids[1]
    referred = set(re.findall(r"(?:url\(|href=\")#([^)\"]+)", draw("a")))
    assert referred and referred <= ids[0]


def test_nothing_is_fetched_dated_or_styled_beyond_the_drawing():
    for unwanted in ("http", "<style", "<metadata", "font-family", "<!--"):
        assert unwanted not in draw()


def test_the_alternative_text_is_escaped():
    assert 'aria-label="a &lt; b &quot;c&quot;"' in draw(alternative='a < b "c"')


def test_settings_of_matplotlib_stay_as_they_were():
    before = dict(matplotlib.rcParams)
    draw()
    assert dict(matplotlib.rcParams) == before
