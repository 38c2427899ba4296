import math

import pytest
from PIL import Image

from pipelines.demo.pen import Pen, arc, bow


def test_a_quarter_turn_puts_right_below():
    image = Image.new("RGB", (40, 40))
    Pen(image, (20, 20), 10, math.pi / 2).ellipse(1, 0, 0.3, 0.3, "red")
    assert image.getpixel((20, 30)) == (255, 0, 0)
    assert image.getpixel((30, 20)) == (0, 0, 0)


def test_a_stroke_has_its_width_and_round_ends():
    image = Image.new("L", (60, 40))
    Pen(image, (30, 20), 10, 0).stroke([(-1, 0), (1, 0)], 1, 255)
    assert image.getbbox() == pytest.approx((15, 15, 46, 26), abs=1)
    assert image.getpixel((15, 16)) == 0


def test_ends_of_a_bow_are_above_its_middle():
    points = bow(1, 2, 0.5, 0.4)
    assert points[0] == pytest.approx((0.5, 1.8))
    assert points[len(points) // 2] == pytest.approx((1, 2.2))
    assert points[-1] == pytest.approx((1.5, 1.8))


def test_half_an_arc_goes_over_the_top():
    points = arc(0, 0, 2, 1, math.pi, 2 * math.pi)
    assert points[0] == pytest.approx((-2, 0))
    assert points[-1] == pytest.approx((2, 0))
    assert all(y <= 1e-9 for _, y in points)
