import dataclasses

import pytest

from pipelines.inspection.findings import (
    Comparison,
    Conflict,
    Conflicts,
    Inspection,
    Leak,
    Modality,
    Pair,
    Repeats,
    Split,
    Suspicion,
)
from pipelines.inspection.notices import find_notices, leak_sentence

ALIKE = Comparison(test="chi-square", statistic=1.0, p=0.5, effect=0.01)
UNLIKE = dataclasses.replace(ALIKE, p=0.002)
FULL = Modality(sound=9, empty=0, unreadable=0, absent=0)
NO_REPEATS = Repeats(
    same={"train": 0, "test": 0, "test in train": 0},
    near={"train": 0, "test": 0, "test in train": 0},
)


def split_of(**labels):
    modalities = dict.fromkeys(("text", "image", "audio"), FULL)
    return Split(
        rows=sum(labels.values()), modalities=modalities, combinations={}, labels=labels
    )


CLEAN = Inspection(
    data="data",
    task="classification",
    class_names=("good", "bad"),
    splits={"train": split_of(good=30, bad=20), "test": split_of(good=5, bad=4)},
    labels_alike=ALIKE,
    presence_alike=dict.fromkeys(("text", "image", "audio"), ALIKE),
    measures={},
    image_formats={},
    audio_rates_hz={},
    clipped_recordings=0,
    lost={},
    dropped={},
    repeats=dict.fromkeys(("text", "image", "audio", "row"), NO_REPEATS),
    leaks=(),
    conflicts=Conflicts(rows=0, groups=0, examples=()),
    suspicion=Suspicion(
        reason="", rows=9, found=0, score=0.9, baseline=0.5, weights={}, suspects=()
    ),
    notices=(),
)


def sentences(**changes):
    return [n.sentence for n in find_notices(dataclasses.replace(CLEAN, **changes))]


def leak_of(*pairs, same, near):
    pairs = tuple(Pair(id=a, other_id=b, near=False) for a, b in pairs)
    return Leak(split="test", source="train", same=same, near=near, pairs=pairs)


@pytest.mark.parametrize(
    ("leak", "sentence"),
    [
        (leak_of("ab", same=1, near=0), "1 row of test is also in train: a (as b)."),
        (
            leak_of("ab", same=0, near=1),
            "1 row of test is also in train, as a near copy: a (as b).",
        ),
        (
            leak_of("ab", "cd", same=1, near=1),
            "2 rows of test are also in train, 1 as near copies: a (as b) and c "
            "(as d).",
        ),
        (
            leak_of(*["ab"] * 20, same=1200, near=0),
            "1,200 rows of test are also in train: a (as b), a (as b), a (as b), "
            "a (as b), a (as b) and 1,195 more.",
        ),
    ],
)
def test_a_leak_is_one_sentence(leak, sentence):
    assert leak_sentence(leak) == sentence


def test_nothing_is_said_of_clean_data():
    assert sentences() == []


def test_media_that_say_nothing_are_faults():
    split = split_of(good=30, bad=20)
    broken = dataclasses.replace(FULL, unreadable=2, empty=1)
    modalities = {"text": FULL, "image": FULL, "audio": broken}
    splits = {"train": dataclasses.replace(split, modalities=modalities)}
    assert sentences(splits=splits, clipped_recordings=1) == [
        "2 recordings cannot be read.",
        "1 recording is silent.",
        "1 recording is clipped: more than one sample in a thousand is at full scale.",
    ]


def test_conflicts_name_an_example():
    example = Conflict(ids=("a", ""), labels=("good", "bad"))
    conflicts = Conflicts(rows=5, groups=2, examples=(example,))
    assert sentences(conflicts=conflicts) == [
        "5 rows hold the same as others and have different labels, in 2 groups, such "
        "as a is good and a row without id is bad."
    ]


def test_unlike_splits_and_missing_classes_are_said():
    splits = {"train": split_of(good=300, bad=20), "test": split_of(good=5, bad=0)}
    assert sentences(splits=splits, labels_alike=UNLIKE) == [
        "No row of test is bad.",
        "The splits differ in their labels by more than chance (chi-square test, p = "
        "0.002).",
        "In train good has 300 rows and bad 20; try --train.class-weights.",
    ]


def test_shared_media_are_said_unless_a_leak_explains_them():
    shared = Repeats(
        same={"train": 3, "test": 0, "test in train": 0},
        near={"train": 3, "test": 0, "test in train": 4},
    )
    repeats = {**CLEAN.repeats, "row": shared, "image": shared}
    assert sentences(repeats=repeats) == [
        "3 rows of train are at least a near copy of an earlier one.",
        "Rows of test share media with train: the image of 4.",
    ]
    leak = leak_of(*["ab"] * 4, same=4, near=0)
    said = sentences(repeats=repeats, leaks=(leak,))
    assert not [sentence for sentence in said if "share" in sentence]


def test_what_the_build_left_out_is_recalled():
    lost = {"image": {"a damaged image": 2}, "audio": {"cut short": 1}}
    assert sentences(lost=lost, dropped={"no label": 1}) == [
        "The build left out 2 images, 1 recording and 1 row."
    ]
