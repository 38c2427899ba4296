import numpy as np
import pytest
from PIL import Image

from pipelines.inspection.facts import EMPTY, SOUND, UNREADABLE
from pipelines.inspection.image_facts import difference_code, image_facts, shrink
from tests.pipelines.inspection.faulty_corpus import picture
from tests.pipelines.media_samples import image_bytes


def facts_of(pixels, **options):
    return image_facts(image_bytes(pixels, **options))[0]


@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_size_and_format_come_from_the_file(format):
    facts = facts_of(np.eye(30)[:, :20, np.newaxis] * [255, 0, 99], format=format)
    assert (facts["image_width"], facts["image_height"]) == (20, 30)
    assert facts["image_format"] == format
    assert facts["image_state"] == SOUND


def test_a_blank_image_has_hardly_any_contrast():
    noise = np.random.default_rng(0).normal(size=(50, 50, 1))
    assert facts_of(128 + noise + np.zeros(3))["image_state"] == EMPTY
    assert facts_of(128 + 9 * noise + np.zeros(3))["image_state"] == SOUND


@pytest.mark.parametrize("data", [b"no image", image_bytes(np.zeros((9, 9, 3)))[:45]])
def test_what_cannot_be_read_is_said_to_be(data):
    facts, small = image_facts(data)
    assert facts["image_state"] == UNREADABLE
    assert small is None


def test_the_code_has_a_bit_for_each_step_up():
    # Brightness rises to the right alone: 64 ones, then 64 zeros.
    ramp = Image.fromarray(np.tile(np.arange(0, 252, 4, dtype="uint8"), (63, 1)))
    code = np.unpackbits(difference_code(ramp))
    assert code.tolist() == [1] * 64 + [0] * 64


def test_an_image_encoded_anew_is_close_and_another_is_not():
    rng = np.random.default_rng(1)
    pixels, other = picture(rng, "good"), picture(rng, "good")
    first = facts_of(pixels)
    for facts, is_close in ((facts_of(pixels, format="JPEG", quality=40), True),
                            (facts_of(other), False)):  # fmt: skip
        bits = np.bitwise_count(first["image_code"] ^ facts["image_code"]).sum()
        levels = np.abs(first["image_sketch"] - facts["image_sketch"].astype(float))
        assert ((bits <= 7) & (levels.mean() <= 5)) == is_close


def test_cells_hold_means():
    grey = Image.fromarray(np.array([[0, 100], [20, 40]], "uint8"))
    assert shrink(grey, 1, 1).tolist() == [[40]]
    assert shrink(grey, 2, 1).tolist() == [[10, 70]]
