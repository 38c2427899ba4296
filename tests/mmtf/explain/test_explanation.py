import dataclasses
import json

import numpy as np
import pytest

from tests.mmtf.explain.examples import ERROR, attribution, classes, regression


def test_a_grid_over_the_image_adds_up():
    grid = classes().image_grid()
    assert grid.shape == (8, 8)
    assert grid[1, 6] == pytest.approx(1.0)
    assert grid.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("shape", [(3, 3), (31, 33), (8, 64)])
def test_a_grid_fits_any_size(shape):
    values = np.random.default_rng(0).normal(size=shape)
    some = dataclasses.replace(classes(), attributions={"image": attribution(values)})
    grid = some.image_grid()
    assert grid.shape == tuple(min(size, 8) for size in shape)
    assert grid.sum() == pytest.approx(values.sum(), rel=1e-4)


def test_spans_of_audio_are_of_a_tenth_of_a_second():
    np.testing.assert_allclose(classes().audio_spans(), [1.0, -2.0, 0.0], rtol=1e-5)


def test_as_json_it_has_names_and_sums():
    found = json.loads(json.dumps(classes().to_dict(), allow_nan=False))
    assert found["explained"] == "<good>"
    assert found["scores"] == pytest.approx({"bad": 0.2, "<good>": 0.8})
    assert found["contributions"]["image"]["<good>"] == pytest.approx(-0.1)
    assert found["modality_weights"]["text"] == pytest.approx(0.7)
    text, image, audio = (found["attributions"][m] for m in ("text", "image", "audio"))
    assert text["tokens"][1] == {"token": "<b>", "attribution": -0.25}
    assert text["completeness_error"] == pytest.approx(ERROR)
    assert text["relative_completeness_error"] == pytest.approx(0.04)
    assert image["grid"][1][6] == pytest.approx(1.0)
    assert (audio["span_seconds"], len(audio["spans"])) == (0.1, 3)


def test_what_is_absent_is_null():
    found = regression().to_dict()
    assert found["scores"] == {"value": 2.5}
    assert found["attributions"]["text"]["of"] == "the value"
    assert found["attributions"]["image"] is None
    assert found["presence"] == {"text": True, "image": False, "audio": False}
