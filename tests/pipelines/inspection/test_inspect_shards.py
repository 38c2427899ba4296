import json

import pytest

from mmtf.errors import InputError
from pipelines.build import build
from pipelines.inspection import inspect_shards
from pipelines.inspection.balance import differs
from pipelines.rows import read_rows_at
from tests.pipelines.inspection.faulty_corpus import WRONG


def test_rows_and_modalities_are_counted(found):
    rows = {name: split.rows for name, split in found.splits.items()}
    assert rows == {"train": 111, "validation": 21, "test": 44}
    train, test = found.splits["train"], found.splits["test"]
    assert train.modalities["image"].absent == 1
    assert train.combinations["text"] == 1
    assert train.combinations["text+image+audio"] == 110
    assert found.splits["validation"].combinations["text+image"] == 1
    assert sum(test.combinations.values()) == 44


def test_empty_media_are_counted_where_they_are(found):
    for modality in ("text", "image", "audio"):
        empty = [s.modalities[modality].empty for s in found.splits.values()]
        assert empty == [1, 0, 0]
    assert found.clipped_recordings == 1
    assert found.image_formats["PNG"] == 1
    assert found.audio_rates_hz == {"8000": 173}


def test_leaks_are_whole_copies_near_copies_and_parts(found):
    leaks = {
        (leak.split, leak.source): [(p.id, p.other_id, p.near) for p in leak.pairs]
        for leak in found.leaks
    }
    # A shared image is no leak, nor is a text of two words.
    assert leaks == {
        ("validation", "train"): [("part-copy", "train-15", False)],
        ("test", "train"): [
            ("copy", "train-11", False), ("near-copy", "train-13", True),
        ],
    }  # fmt: skip


def test_repeats_are_counted_by_modality(found):
    repeats = found.repeats
    place = "test in train"
    assert (repeats["text"].same[place], repeats["text"].near[place]) == (2, 3)
    assert (repeats["image"].same[place], repeats["image"].near[place]) == (2, 3)
    assert (repeats["audio"].same[place], repeats["audio"].near[place]) == (1, 2)
    assert (repeats["row"].same[place], repeats["row"].near[place]) == (2, 3)
    assert repeats["row"].same["train"] == 2
    assert repeats["text"].same["test"] == 1


def test_the_same_content_with_different_labels_is_a_conflict(found):
    (conflict,) = found.conflicts.examples
    labels = dict(zip(conflict.ids, conflict.labels, strict=True))
    assert labels == {"train-21": "good", "conflict": "bad"}
    assert (found.conflicts.rows, found.conflicts.groups) == (2, 1)


def test_wrong_labels_are_among_the_first_suspects(found):
    suspects = found.suspicion.suspects
    # Of a row and its copy, whichever comes first in the shards is listed.
    names = [suspect.id.replace("again", "1") for suspect in suspects]
    assert set(WRONG) <= set(names[: len(WRONG) + 2])
    assert len(names) == len(set(names)) < found.suspicion.found
    likely = {s.likely for s in suspects if s.id.startswith("wrong")}
    assert likely == {"good"}
    assert found.suspicion.score > 0.9 > 0.7 > found.suspicion.baseline


def test_positions_of_suspects_lead_to_their_rows(found, faulty_data):
    for suspect in found.suspicion.suspects:
        (row,) = read_rows_at(faulty_data, suspect.split, [suspect.position])
        assert row.id == suspect.id
        assert found.class_names[row.label] == suspect.given


def test_unlike_splits_are_noticed(found):
    assert found.labels_alike.p < 0.001
    assert not any(map(differs, found.presence_alike.values()))


def test_notices_begin_with_leaks(found):
    severities = [notice.severity for notice in found.notices]
    assert severities[:2] == ["leak", "leak"]
    assert severities == sorted(severities, key=["leak", "fault", "note"].index)
    assert found.notices[1].sentence == (
        "2 rows of test are also in train, 1 as near copies: copy (as train-11) and "
        "near-copy (as train-13)."
    )


def test_json_holds_it_all(found):
    read = json.loads(found.to_json())
    assert read["leaks"][0]["pairs"][0]["other_id"] == "train-15"
    assert read["measures"]["text words"]["quantiles"]["all"]["0.5"] == 10


def test_the_same_seed_finds_the_same(demo_data):
    first, second = (
        inspect_shards(demo_data, suspect_rows=50, processes=n, progress=False)
        for n in (1, 2)
    )
    assert first.to_json() == second.to_json()
    assert first.suspicion.rows == 50
    assert not first.leaks


def test_numbers_are_inspected_too(tmp_path):
    manifest = tmp_path / "manifest.csv"
    lines = [
        f"{'fine ' * (i % 7)}day number {i},{i % 7 + i / 1000},"
        f"{('train', 'test')[i % 10 == 0]}"
        for i in range(120)
    ]
    lines[34] = "fine fine fine fine fine fine day number 34,0.5,train"
    manifest.write_text("text,label,split\n" + "\n".join(lines), encoding="utf-8")
    data = str(tmp_path / "data")
    build(str(manifest), data, task="regression", processes=1, progress=False)
    found = inspect_shards(data, processes=1, progress=False)
    assert found.splits["train"].labels["maximum"] == pytest.approx(6.118)
    assert found.suspicion.suspects[0].given == "0.5"
    assert found.suspicion.suspects[0].likely_score is None
    assert float(found.suspicion.suspects[0].likely) > 3
    json.loads(found.to_json())


def test_suspects_need_not_be_looked_for(demo_data):
    found = inspect_shards(demo_data, num_suspects=0, processes=1, progress=False)
    assert found.suspicion.reason == "not asked for"
    assert not found.suspicion.suspects


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("num_suspects", -1, "`num_suspects` must be 0 or more.*-1"),
        ("suspect_rows", -1, "`suspect_rows` must be 0 or more.*-1"),
        ("seed", -1, "`seed` must be from 0 to .*-1"),
        ("seed", 2**32, "`seed` must be from 0 to .*4294967296"),
        ("processes", 0, "`processes` must be 1 or more.*0"),
    ],
)
def test_a_number_out_of_range_is_refused(demo_data, name, value, message):
    with pytest.raises(InputError, match=message):
        inspect_shards(demo_data, **{name: value})


def test_a_folder_that_holds_no_shards_is_refused(tmp_path):
    with pytest.raises(InputError, match="written by `mmtf build`"):
        inspect_shards(str(tmp_path))
