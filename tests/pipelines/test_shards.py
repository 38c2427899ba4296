import filecmp
import os
import subprocess
import sys
import tempfile

import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

from mmtf.config import Labels
from pipelines import schema
from pipelines.shards import write_shards

LABELS = Labels(class_names=("a", "b"))


def record(index):
    return {"id": f"r{index}", "text": b"t", "image": b"\0", "audio": b"",
            "label": index % 2}  # fmt: skip


def keyed(number):
    return ((index, record(index)) for index in range(number))


def shards(folder):
    return sorted(name for name in os.listdir(folder) if ".tfrecord-" in name)


def test_tfds_reads_every_record(tmp_path):
    splits = {"train": keyed(5), "test": keyed(2)}
    folder = write_shards(splits, LABELS, folder=str(tmp_path))
    builder = tfds.builder_from_directory(folder)
    rows = list(builder.as_dataset(split="train").as_numpy_iterator())
    assert sorted(row["id"] for row in rows) == [b"r%d" % i for i in range(5)]
    assert {(row["image"], row["audio"], row["text"]) for row in rows} == {
        (b"\0", b"", b"t")
    }
    assert builder.info.splits["test"].num_examples == 2
    assert builder.info.features["label"].names == ["a", "b"]


def test_parse_reads_every_record(tmp_path):
    folder = write_shards({"train": keyed(4)}, LABELS, folder=str(tmp_path))
    files = [os.path.join(folder, name) for name in shards(folder)]
    rows = tf.data.TFRecordDataset(files).batch(4)
    batch = next(iter(rows.map(lambda data: schema.parse(data, LABELS))))
    labels = dict(zip(batch["id"].numpy(), batch["label"].numpy(), strict=True))
    assert labels == {b"r0": 0, b"r1": 1, b"r2": 0, b"r3": 1}


@pytest.mark.parametrize(
    ("num_shards", "files"), [(None, 1), (1, 1), (2, 2), (3, 3), (99, 3)]
)
def test_shards_are_as_many_as_asked_for_or_records(tmp_path, num_shards, files):
    folder = write_shards(
        {"train": keyed(3)}, LABELS, folder=str(tmp_path), num_shards=num_shards
    )
    assert len(shards(folder)) == files


def test_rows_are_shuffled_and_the_same_each_time(tmp_path):
    orders = []
    for name in ("one", "two"):
        folder = write_shards({"train": keyed(50)}, LABELS, folder=str(tmp_path / name))
        rows = tfds.builder_from_directory(folder).as_dataset(split="train")
        orders.append([row["id"] for row in rows.as_numpy_iterator()])
    assert orders[0] == orders[1] != [b"r%d" % i for i in range(50)]


def test_tfds_writes_nothing_to_the_terminal(tmp_path, capfd):
    write_shards({"train": keyed(3)}, LABELS, folder=str(tmp_path))
    assert capfd.readouterr() == ("", "")


def test_nothing_is_left_in_the_temporary_folder(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    write_shards({"train": keyed(3)}, LABELS, folder=str(tmp_path / "data"))
    assert os.listdir(tmp_path / "temporary") == []


def test_an_error_of_the_records_comes_through(tmp_path):
    def broken():
        yield 0, record(0)
        raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        write_shards({"train": broken()}, LABELS, folder=str(tmp_path))


@pytest.mark.large
def test_another_process_writes_the_same_bytes(tmp_path):
    code = (
        "import sys; from tests.pipelines.test_shards import *\n"
        "write_shards({'train': keyed(9)}, LABELS, folder=sys.argv[1])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "theirs")]
    subprocess.run(command, capture_output=True, check=True)
    folder = write_shards({"train": keyed(9)}, LABELS, folder=str(tmp_path / "ours"))
    for name in os.listdir(folder):
        ours = os.path.join(folder, name)
        theirs = ours.replace("ours", "theirs")
        assert filecmp.cmp(ours, theirs, shallow=False), name
