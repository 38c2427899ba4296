import re

import numpy as np

from mmtf.explain import format_explanation
from tests.mmtf.explain.examples import attribution, classes, regression

PLAIN = """\
value: 2.5

what each modality adds to the value (-1.000 with nothing seen, 2.500 with all)
       contribution  modality weight
text         +3.500            1.000
image        +0.000            0.000
audio        +0.000            0.000

what each token adds to the value (0.50 with [MASK] in the place of each, 0.89 as it is)
not    +0.50
<b>    -0.25
##ad   +0.12

how far these are from adding up to the difference of the two outputs
text   0.0156 (4% of it)"""


def test_a_regression_to_the_letter():
    assert format_explanation(regression(), graphic=False) == PLAIN


def test_place_and_time_have_figures():
    lines = format_explanation(classes(), graphic=False).splitlines()
    assert lines[:2] == ["<good>   0.800", "bad      0.200"]
    assert lines[3].startswith("what each modality adds to the score of '<good>' (0.5")
    start = next(i for i, line in enumerate(lines) if "part of the image" in line)
    assert lines[start + 2].split() == [*["+0.00"] * 6, "+1.00", "+0.00"]
    start = next(i for i, line in enumerate(lines) if "100 ms" in line)
    assert "for silence" in lines[start]
    assert lines[start + 1 : start + 4] == [
        "0.0 s   +1.00", "0.1 s   -2.00", "0.2 s   +0.00",
    ]  # fmt: skip


def test_graphics_are_for_terminals_alone():
    plain, graphic = (format_explanation(classes(), graphic=g) for g in (False, True))
    assert plain.isascii()
    assert "0.1 s   -2.00  \x1b[33m" + 30 * "█" in graphic
    assert "0.0 s   +1.00  \x1b[34m" + 15 * "█" + "\x1b" in graphic
    assert re.search("\x1b\\[34m██", graphic)


def test_nothing_is_said_of_no_change():
    still = classes(
        attributions={"text": attribution(np.zeros(3), baseline_output=1.0)}
    )
    lines = format_explanation(still, graphic=True).splitlines()
    assert "not    +0.00" in lines
