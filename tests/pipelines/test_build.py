import io
import json
import os
import sys

import numpy as np
import pytest
import soundfile
import tensorflow as tf
import tensorflow_datasets as tfds

from mmtf.errors import InputError
from pipelines.build import build
from pipelines.report import BuildReport, Mention
from tests.pipelines.media_samples import image_bytes, wav_bytes

PICTURE = image_bytes(np.full((8, 8, 3), 90), format="JPEG")
SOUND = wav_bytes(np.zeros(80), sample_rate_hz=8000)


def write(folder, *rows, name="m.jsonl"):
    (folder / "i.jpg").write_bytes(PICTURE)
    (folder / "a.wav").write_bytes(SOUND)
    (folder / "bad.jpg").write_bytes(PICTURE[:100])
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(folder / name)


def run(folder, *rows, **options):
    options = {"sample_rate_hz": 8000, "processes": 1, "progress": False, **options}
    return build(write(folder, *rows), str(folder / "data"), **options)


def read(folder, split):
    dataset = tfds.builder_from_directory(str(folder / "data")).as_dataset(split=split)
    return {row["id"].decode(): row for row in dataset.as_numpy_iterator()}


def row(row_id, label="x", split="train", **cells):
    return {"id": row_id, "label": label, "split": split, **cells}


def test_rows_become_records(tmp_path):
    report = run(
        tmp_path,
        row("r0", text=" a\u0001\n b", image="i.jpg", audio="a.wav"),
        row("r1", label="w", split="test", audio="a.wav"),
    )
    assert read(tmp_path, "train")["r0"] == {
        "id": b"r0", "text": b"a b", "image": PICTURE, "audio": SOUND, "label": 1
    }  # fmt: skip
    assert read(tmp_path, "test")["r1"] == {
        "id": b"r1", "text": b"", "image": b"", "audio": SOUND, "label": 0
    }  # fmt: skip
    assert report.labels.class_names == ("w", "x")
    assert report.splits["test"].present == {"text": 0, "image": 0, "audio": 1}


def test_regression_on_another_column(tmp_path):
    rows = [{**row(f"r{i}", text="a"), "score": i / 4} for i in range(3)]
    report = run(tmp_path, *rows, label="score", task="regression")
    labels = {name: row["label"] for name, row in read(tmp_path, "train").items()}
    assert labels == {"r0": 0.0, "r1": 0.25, "r2": 0.5}
    assert report.splits["train"].labels["mean"] == 0.25


def test_broken_media_are_lost_and_hopeless_rows_dropped(tmp_path):
    report = run(
        tmp_path,
        row("r0", text="a", image="bad.jpg", audio="none.wav"),
        row("r1", image="bad.jpg"),
        row("r2", label=None, text="a"),
        row("r3"),
    )
    assert list(read(tmp_path, "train")) == ["r0"]
    assert report.lost == {
        "image": {"a damaged image": Mention(count=2, ids=("r0", "r1"))},
        "audio": {"no such file": Mention(count=1, ids=("r0",))},
    }
    assert report.dropped == {
        "no label": Mention(count=1, ids=("r2",)),
        "no text, image or audio": Mention(count=1, ids=("r3",)),
        "no text, image or audio left": Mention(count=1, ids=("r1",)),
    }
    assert (report.num_kept, report.num_dropped, report.num_lost) == (1, 3, 3)


def test_the_report_travels_with_the_shards(tmp_path):
    report = run(tmp_path, row("r0", text="a"), image_side=99)
    text = (tmp_path / "data" / "build_report.json").read_text()
    assert BuildReport.from_json(text) == report
    assert report.image_side == 99


def test_failing_names_the_row_and_leaves_nothing(tmp_path):
    rows = row("r0", text="a"), row("r1", text="a", image="bad.jpg")
    before = sorted(["m.jsonl", "i.jpg", "a.wav", "bad.jpg"])
    with pytest.raises(InputError, match="row 'r1': image: a damaged image"):
        run(tmp_path, *rows, on_error="fail")
    assert sorted(os.listdir(tmp_path)) == before


def test_failing_late_inside_tfds_leaves_nothing(tmp_path):
    rows = [row(f"r{i}", text="a") for i in range(30)]
    with pytest.raises(InputError, match="row 'last': image: no such file"):
        run(tmp_path, *rows, row("last", text="a", image="none"), on_error="fail")
    assert "data" not in os.listdir(tmp_path)
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]


def test_an_interruption_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["pipelines.build"], "publish", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, row("r0", text="a"))
    assert not [name for name in os.listdir(tmp_path) if "data" in name]


def test_no_usable_row_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"\(1 no text, image or audio left\)"):
        run(tmp_path, row("r0", image="bad.jpg"))


def test_a_split_whose_rows_are_all_dropped_is_none(tmp_path):
    report = run(
        tmp_path, row("r0", text="a"), row("r1", image="bad.jpg", split="test")
    )
    assert list(report.splits) == ["train"]
    assert list(tfds.builder_from_directory(str(tmp_path / "data")).info.splits) == [
        "train"
    ]


def test_rows_without_a_split_go_by_their_hash(tmp_path):
    rows = [{"id": f"r{i}", "label": "x", "text": "a"} for i in range(60)]
    report = run(tmp_path, *rows, split_fractions=(0.0, 0.5, 0.5))
    assert list(report.splits) == ["validation", "test"]
    assert report.num_kept == 60


def test_repeated_ids_are_kept_and_counted(tmp_path):
    report = run(tmp_path, row("r0", text="a"), row("r0", text="b"))
    assert report.duplicate_ids == 1
    builder = tfds.builder_from_directory(str(tmp_path / "data"))
    assert builder.info.splits["train"].num_examples == 2


def test_more_shards_than_rows(tmp_path):
    run(tmp_path, row("r0", text="a"), row("r1", text="b"), num_shards=5)
    builder = tfds.builder_from_directory(str(tmp_path / "data"))
    assert builder.info.splits["train"].shard_lengths == [1, 1]


def test_the_number_of_processes_changes_nothing(tmp_path):
    rows = [row(f"r{i}", text=f"t{i}", image="i.jpg") for i in range(20)]
    for processes in (1, 2):
        run(tmp_path, *rows, processes=processes)
        os.rename(tmp_path / "data", tmp_path / f"data-{processes}")
    name = "mmtf-train.tfrecord-00000-of-00001"
    one, two = (tmp_path / f"data-{n}" / name for n in (1, 2))
    assert one.read_bytes() == two.read_bytes()


def test_a_build_is_replaced_only_on_request(tmp_path):
    run(tmp_path, row("r0", text="old"))
    with pytest.raises(InputError, match="--overwrite"):
        run(tmp_path, row("r0", text="new"))
    run(tmp_path, row("r0", text="new"), overwrite=True)
    assert read(tmp_path, "train")["r0"]["text"] == b"new"
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]


def test_a_failed_build_leaves_the_old_one(tmp_path):
    run(tmp_path, row("r0", text="old"))
    with pytest.raises(InputError):
        run(tmp_path, row("r0", image="bad.jpg"), overwrite=True)
    assert read(tmp_path, "train")["r0"]["text"] == b"old"


def test_the_bar_is_the_only_output(tmp_path, capfd):
    run(tmp_path, row("r0", text="a", image="i.jpg"), progress=True)
    output, errors = capfd.readouterr()
    assert output == ""
    assert "1/1" in errors and "Generating" not in errors


def test_manifest_and_media_on_another_file_system(tmp_path):
    tf.io.gfile.makedirs("ram://build")
    manifest = write(tmp_path, row("r0", image="i.jpg"))
    for path in (manifest, str(tmp_path / "i.jpg")):
        target = f"ram://build/{os.path.basename(path)}"
        tf.io.gfile.copy(path, target, overwrite=True)
    build("ram://build/m.jsonl", str(tmp_path / "data"), processes=1, progress=False)
    assert read(tmp_path, "train")["r0"]["image"] == PICTURE


def test_compressed_stereo_audio_is_stored_as_mono_wav(tmp_path):
    soundfile.write(tmp_path / "a.flac", np.zeros((160, 2)), 16000)
    run(tmp_path, row("r0", audio="a.flac"))
    stored = read(tmp_path, "train")["r0"]["audio"]
    samples, rate = soundfile.read(io.BytesIO(stored))
    assert (samples.shape, rate) == ((80,), 8000)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"image_side": 0}, "`image_side` must be 1 or more. Received: image_side=0"),
     ({"num_shards": 0}, "`num_shards` must be 1 or more. Received: num_shards=0"),
     ({"processes": -1}, "`processes` must be 1 or more"),
     ({"on_error": "skip"}, "drop or fail. Received: 'skip'"),
     ({"task": "ranking"}, "classification or regression. Received: 'ranking'"),
     ({"label": "mood"}, "Received: 'mood'; .* has the columns 'id', 'label'"),
     ({"split_fractions": (0.5, 0.5)}, "sum to 1"),
     ({"task": "regression"}, "a finite number. Received: 'x' in row 'r0'")],
)  # fmt: skip
def test_mistakes_are_input_errors(tmp_path, options, message):
    with pytest.raises(InputError, match=message):
        run(tmp_path, row("r0", text="a"), **options)
