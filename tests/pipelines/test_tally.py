import pytest

from mmtf.config import Labels
from mmtf.errors import InputError
from pipelines import tally as tally_module
from pipelines.report import Mention
from pipelines.tally import Tally

NAMES = Labels(class_names=("a", "b"))
NUMBERS = Labels(task="regression")


def record(label, **media):
    return {"text": b"", "image": b"", "audio": b"", **media, "label": label}


def report(tally, labels=NAMES):
    return tally.report(labels, image_side=8, sample_rate_hz=9, duplicate_ids=2)


def test_classes_and_modalities_are_counted_by_split():
    tally = Tally("drop")
    for label, media in (1, {"text": b"t"}), (1, {"text": b"t", "image": b"i"}):
        tally.keep("train", record(label, **media), NAMES)
    train = report(tally).splits["train"]
    assert train.rows == 2
    assert train.present == {"text": 2, "image": 1, "audio": 0}
    assert train.labels == {"a": 0, "b": 2}
    assert list(report(tally).splits) == ["train"]


def test_numbers_are_summed_up():
    tally = Tally("drop")
    for label in (-2.0, 1.0, 4.0):
        tally.keep("test", record(label), NUMBERS)
    labels = report(tally, NUMBERS).splits["test"].labels
    assert labels == {"minimum": -2.0, "mean": 1.0, "maximum": 4.0}


def test_losses_are_named_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(tally_module, "MAX_IDS", 2)
    tally = Tally("drop")
    for row_id in ("r1", "r2", "r3"):
        tally.drop(row_id, "no label")
        tally.lose(row_id, "audio", "an empty file")
    mention = Mention(count=3, ids=("r1", "r2"))
    assert report(tally).dropped == {"no label": mention}
    assert report(tally).lost == {"audio": {"an empty file": mention}}


def test_reasons_come_most_frequent_first():
    tally = Tally("drop")
    for reason in ("x", "y", "y"):
        tally.drop("r", reason)
    assert tally.reasons() == "2 y, 1 x"


def test_failing_stops_at_the_first():
    with pytest.raises(InputError, match="Received: row 'r1': no label. Mend it"):
        Tally("fail").drop("r1", "no label")
    with pytest.raises(InputError, match="Received: row 'r1': image: no such file"):
        Tally("fail").lose("r1", "image", "no such file")


def test_any_other_policy_is_an_error():
    with pytest.raises(InputError, match="drop or fail. Received: 'skip'"):
        Tally("skip")
