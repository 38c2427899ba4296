"""A matplotlib figure as SVG that lives inside a page and takes its colours.

Matplotlib knows no CSS variables, so each is drawn in a colour of its own that
nothing else uses, and replaced in the text.
"""

import io
import re
import warnings
from xml.dom import minidom

import matplotlib
from markupsafe import Markup
from matplotlib.figure import Figure

NUM_SERIES = 8
_VARIABLES = (
    "ink", "quiet", "line", "paper", "text", "image", "audio", "fused", "good", "bad",
    *(f"series-{index}" for index in range(NUM_SERIES)),
)  # fmt: skip
_STAND_INS = {name: f"#f1e0{index:02x}" for index, name in enumerate(_VARIABLES)}
_STYLE = {
    "svg.fonttype": "none",
    # Names of clip paths would otherwise change from run to run.
    "svg.hashsalt": "mmtf",
    "text.parse_math": False,
    "font.size": 9.5,
    "axes.edgecolor": _STAND_INS["line"],
    "axes.labelcolor": _STAND_INS["quiet"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": _STAND_INS["line"],
    "xtick.labelcolor": _STAND_INS["quiet"],
    "ytick.color": _STAND_INS["line"],
    "ytick.labelcolor": _STAND_INS["quiet"],
    "grid.color": _STAND_INS["line"],
    "grid.linewidth": 0.6,
    "text.color": _STAND_INS["ink"],
    "legend.frameon": False,
    "legend.handlelength": 1.8,
    "lines.linewidth": 1.6,
}


def color(name: str) -> str:
    """What to draw with where the page's `--name` is meant, see style.css."""
    return _STAND_INS[name]


def style():
    """A context in which figures for pages are made and drawn."""
    return matplotlib.rc_context(_STYLE)


def to_svg(figure: Figure, name: str, alternative: str) -> Markup:
    """Draws a figure; call it inside `style()`.

    Args:
        figure: what `matplotlib.figure.Figure` makes.
        name: unique on its page; ids within the drawing begin with it.
        alternative: what the drawing shows, for those who cannot see it.

    Returns:
        An `<svg>` element.
    """
    file = io.StringIO()
    no_metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with warnings.catch_warnings():
        # The reader's fonts are used, which have what matplotlib's own lacks.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        figure.savefig(file, format="svg", metadata=no_metadata, transparent=True)
    root = minidom.parseString(file.getvalue()).documentElement
    for style_sheet in list(root.getElementsByTagName("style")):
        # It would apply to the whole page.
        style_sheet.parentNode.removeChild(style_sheet)
    _simplify(root, name)
    for attribute in ("width", "height", "version", "xmlns", "xmlns:xlink"):
        if root.hasAttribute(attribute):
            root.removeAttribute(attribute)
    root.setAttribute("role", "img")
    root.setAttribute("aria-label", alternative)
    return Markup(_with_variables(root.toxml()))


def _simplify(root, name):
    """Keeps ids that are referred to, as names of this drawing, and no fonts."""
    elements = root.getElementsByTagName("*")
    used = set(re.findall(r"(?:url\(|href=\")#([\w.-]+)", root.toxml()))
    for element in [root, *elements]:
        own = element.getAttribute("id")
        if own in used:
            element.setAttribute("id", f"{name}-{own}")
        elif own:
            element.removeAttribute("id")
        for attribute, value in list(element.attributes.items()):
            if attribute == "xlink:href":
                element.removeAttribute(attribute)
                element.setAttribute("href", value.replace("#", f"#{name}-"))
            elif "url(#" in value:
                element.setAttribute(attribute, value.replace("url(#", f"url(#{name}-"))
        if element.tagName == "text":
            _inherit_font(element)


def _inherit_font(element):
    shown = element.getAttribute("style")
    # Releases of matplotlib write either `font` or its parts.
    shown = re.sub(r"font: (?:\w+ )*?([\d.]+px)[^;]*", r"font-size: \1", shown)
    element.setAttribute("style", re.sub(r"font-family: [^;]*;? ?", "", shown))


def _with_variables(text):
    for name, stand_in in _STAND_INS.items():
        text = text.replace(stand_in, f"var(--{name})")
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r">\s+<", "><", text)
    # What held a tick mark or a comment.
    while "<g/>" in text or "<g></g>" in text:
        text = text.replace("<g/>", "").replace("<g></g>", "")
    return text
