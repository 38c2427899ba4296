import csv
import os

import numpy as np
from PIL import Image

from benchmarks.input.camera import write_camera_corpus


def written(folder, **changes):
    how = {"pictures": 2, "copies": 2, "width": 64, "height": 48, "seed": 1, **changes}
    return write_camera_corpus(str(folder), **how)


def test_a_corpus_is_the_same_for_the_same_seed(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        written(tmp_path / name, seed=seed)
    for file in os.listdir(tmp_path / "a"):
        first, again, other = (
            (tmp_path / name / file).read_bytes() for name in ("a", "b", "c")
        )
        assert first == again
        assert first != other


def test_pictures_have_the_size_that_is_asked_and_full_tones(tmp_path):
    with open(written(tmp_path), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["00000", "00001", "00002", "00003"]
    assert [row["image"] for row in rows] == 2 * ["00000.jpg", "00001.jpg"]
    assert len({row["text"] for row in rows}) == 4
    pixels = np.asarray(Image.open(tmp_path / rows[0]["image"]))
    assert pixels.shape == (48, 64, 3)
    assert 20 < pixels.std() < 80
