import os

import pytest

from mmtf.config import Labels
from mmtf.errors import InputError
from pipelines.build import build
from pipelines.info import read_info, read_report


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("info")
    rows = [f"t{i},{i % 3}.5,{'train' if i < 4 else 'test'}" for i in range(6)]
    (folder / "m.csv").write_text("\n".join(["text,score,split", *rows]))
    build(
        str(folder / "m.csv"), str(folder / "data"), label="score", task="regression",
        image_side=32, sample_rate_hz=8000, num_shards=2, progress=False,
    )  # fmt: skip
    return str(folder / "data")


def test_read_info(data):
    info = read_info(data)
    assert info.labels == Labels(task="regression")
    assert (info.image_side, info.sample_rate_hz) == (32, 8000)
    assert list(info.splits) == ["train", "test"]
    assert info.splits["train"].num_examples == 4


def test_files_are_all_shards_in_order(data):
    files = read_info(data).splits["test"].files
    assert files == tuple(
        os.path.join(data, f"mmtf-test.tfrecord-0000{i}-of-00002") for i in (0, 1)
    )
    assert all(os.path.isfile(file) for file in files)


def test_read_report(data):
    train = read_report(data).splits["train"]
    assert train.labels == {"minimum": 0.5, "mean": 1.25, "maximum": 2.5}


@pytest.mark.parametrize(
    "name", ["build_report.json", "dataset_info.json", "features.json"]
)
def test_a_folder_without_one_of_the_files_is_an_error(data, name):
    os.rename(os.path.join(data, name), os.path.join(data, "away"))
    try:
        message = f"written by `mmtf build`. Received: '{data}', which has no {name}"
        with pytest.raises(InputError, match=message):
            read_info(data)
    finally:
        os.rename(os.path.join(data, "away"), os.path.join(data, name))


def test_no_folder_is_an_error():
    with pytest.raises(InputError, match="Received: 'nowhere', which has no build_rep"):
        read_info("nowhere")
