import dataclasses

import numpy as np
import pytest

from mmtf import presets
from mmtf.errors import InputError
from pipelines.build import build
from pipelines.dataset import eval_dataset, make_tokenizer
from pipelines.info import read_info
from pipelines.rows import read_rows, read_rows_at

CONFIG = presets.tiny()


def test_every_row_comes_once_with_what_the_manifest_says(demo_corpus, demo_data):
    import csv

    with open(f"{demo_corpus}/manifest.csv", encoding="utf-8") as file:
        manifest = {cells["id"]: cells for cells in csv.DictReader(file)}
    names = read_info(demo_data).labels.class_names
    seen = []
    for split in ("train", "validation", "test"):
        for row in read_rows(demo_data, split):
            cells = manifest[row.id]
            seen.append(row.id)
            assert (cells["split"], cells["label"]) == (split, names[row.label])
            assert cells["text"] == row.text
            assert bool(cells["image"]) == row.image.startswith(b"\xff\xd8\xff")
            assert bool(cells["audio"]) == row.audio.startswith(b"RIFF")
    assert sorted(seen) == sorted(manifest)


def test_rows_come_in_the_order_of_evaluation(demo_data):
    tokenizer = make_tokenizer(demo_data, CONFIG)
    dataset = eval_dataset(demo_data, CONFIG, tokenizer, split="train", batch_size=7)
    batches = list(dataset)
    rows = list(read_rows(demo_data, "train"))
    present = [[bool(r.text), bool(r.image), bool(r.audio)] for r in rows]
    presence = np.concatenate([batch["presence"] for batch, _ in batches])
    np.testing.assert_array_equal(presence, present)
    labels = np.concatenate([label for _, label in batches])
    np.testing.assert_array_equal(labels, [row.label for row in rows])


def test_chosen_rows_come_in_the_order_asked_for(demo_data):
    rows = list(read_rows(demo_data, "train"))
    assert read_rows_at(demo_data, "train", [5, 0, 41, 5]) == [
        rows[5], rows[0], rows[41], rows[5],
    ]  # fmt: skip
    assert read_rows_at(demo_data, "train", []) == []


@pytest.mark.parametrize("index", [-1, 42])
def test_a_position_beyond_the_split_is_refused(demo_data, index):
    with pytest.raises(InputError, match=f"from 0 to 41. Received: {index}"):
        read_rows_at(demo_data, "train", [0, index])


def test_a_split_that_is_not_there_lists_those_that_are(demo_data):
    with pytest.raises(InputError, match="'dev' split.*test, train, validation"):
        read_rows(demo_data, "dev")


def test_numbers_come_as_numbers(tmp_path):
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("id,text,label,split\na,good,1.5,train\n", encoding="utf-8")
    data = str(tmp_path / "data")
    build(str(manifest), data, task="regression", processes=1, progress=False)
    (row,) = read_rows(data, "train")
    assert dataclasses.astuple(row) == ("a", "good", b"", b"", 1.5)
