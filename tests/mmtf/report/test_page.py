import re

import jinja2
import pytest

from mmtf.report.page import count, listed, number, percent, render, unbroken
from tests.mmtf.report.read_page import Page


def test_figures_as_readers_write_them():
    assert number(-0.12345) == "\N{MINUS SIGN}0.123"
    assert number(2, 1) == "2.0"
    assert percent(0.8714) == "87.1%"
    assert number(None) == percent(None) == "not defined"
    assert count(1234567) == "1,234,567"
    assert [listed(words) for words in ([], "a", "ab", "abc")] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip


def test_p_values_stay_on_their_line():
    assert unbroken("help = 2, p < 0.001") == "help = 2, p\xa0<\xa00.001"


def bare_page(name):
    """A comparison of one run that has no figures, with its name all over."""
    run = {"name": name, "examples": 1}
    return render(
        "comparison.html.j2",
        comparison={
            "runs": [run], "split": "test", "task": "classification",
            "against_first": [{"sentence": name}], "options": {name: [name]},
        },
        headline={"figure": "accuracy", "low": "0", "high": "1", "rows": []},
        figures=[],
    )  # fmt: skip


def test_text_stays_text_in_title_and_content():
    name = "<script>alert('1')</script> & \"co\""
    page = bare_page(name)
    assert "<script" not in page
    assert Page(page).text.count(name) == 7
    assert not Page(page).faults


def test_a_name_that_the_template_lacks_is_an_error():
    with pytest.raises(jinja2.UndefinedError, match="comparison"):
        render("comparison.html.j2")


def test_the_style_fetches_nothing_and_knows_both_schemes():
    style = re.search(r"<style>(.*?)</style>", bare_page("a"), re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


def test_the_browser_is_told_to_fetch_and_run_nothing():
    (policy,) = [m for m in Page(bare_page("a")).of("meta") if "http-equiv" in m]
    assert policy["content"].startswith("default-src 'none'")
    assert "script" not in policy["content"]
