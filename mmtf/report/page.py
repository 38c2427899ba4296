"""From a template and values to one self-contained HTML page."""

import re
from collections.abc import Iterable
from functools import cache

import jinja2


def render(template: str, **context) -> str:
    """Fills a template of mmtf/report/templates.

    What is text stays text: every value is escaped, but for `markupsafe.Markup`,
    which `mmtf.report.plots` returns. Pages extend `base.html.j2`, which holds the
    style and forbids the browser to fetch or run anything.

    Args:
        template: name of the file.
        context: the template's names; one that it lacks is an error.

    Returns:
        The page.
    """
    return _environment().get_template(template).render(**context)


@cache
def _environment():
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("mmtf.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        number=number, percent=percent, count=count, unbroken=unbroken
    )
    return environment


def number(value: float | None, digits: int = 3) -> str:
    """A figure as shown; None is one that is not defined."""
    if value is None:
        return "not defined"
    return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def percent(fraction: float | None, digits: int = 1) -> str:
    """A fraction in per cent."""
    return number(None if fraction is None else 100 * fraction, digits) + (
        "" if fraction is None else "%"
    )


def count(value: int) -> str:
    """A count with its thousands apart."""
    return f"{value:,}"


def unbroken(sentence: str) -> str:
    """A sentence whose p-values do not break at the end of a line."""
    return re.sub(r"\bp ([=<]) ", "p\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", sentence)


def listed(words: Iterable[str]) -> str:
    """Words as a sentence lists them: "a, b and c"."""
    words = list(words)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
