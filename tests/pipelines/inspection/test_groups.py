import numpy as np

from pipelines.inspection.facts import EMPTY, FACTS, SOUND
from pipelines.inspection.groups import find_groups, joint_groups


def rows_of(number, modality, **fields):
    facts = np.zeros(number, FACTS)
    facts[f"{modality}_state"] = SOUND
    for name, values in fields.items():
        facts[f"{modality}_{name}"] = values
    return facts


def alike(column):
    return [[i == j for j in column] for i in column]


def test_what_is_absent_is_in_no_group():
    facts = rows_of(3, "text", same=[7, 7, 7], near=[1, 1, 1])
    facts["text_state"][1] = 0
    groups = find_groups(facts)
    assert groups.same[:, 0].tolist() == [0, -1, 0]
    assert groups.sound.tolist() == [[1, 0, 0], [0, 0, 0], [1, 0, 0]]
    assert (groups.near[:, 1:] == -1).all()


def test_near_texts_share_a_group_that_equal_texts_do_not_need():
    facts = rows_of(4, "text", same=[1, 2, 3, 1], near=[9, 9, 8, 9])
    groups = find_groups(facts)
    assert alike(groups.same[:, 0]) == alike([1, 2, 3, 1])
    assert alike(groups.near[:, 0]) == alike([9, 9, 8, 9])


def test_near_images_have_close_codes_and_close_colours():
    facts = rows_of(4, "image", same=[1, 2, 3, 4])
    facts["image_sketch"] = 100
    facts["image_sketch"][1] += 5
    facts["image_sketch"][2] += 11
    facts["image_code"][3, 0] = 255  # 8 bits
    assert alike(find_groups(facts).near[:, 1]) == alike([0, 0, 1, 2])


def test_near_recordings_are_as_long_and_sound_alike():
    facts = rows_of(4, "audio", same=[1, 2, 3, 4], seconds=[2.0, 2.03, 2.1, 2.0])
    facts["audio_sketch"][3] = 2  # a decibel
    assert alike(find_groups(facts).near[:, 2]) == alike([0, 0, 1, 2])


def test_blank_images_are_near_to_their_equals_alone():
    facts = rows_of(3, "image", same=[1, 2, 1])
    facts["image_state"] = EMPTY
    groups = find_groups(facts)
    assert alike(groups.near[:, 1]) == alike([1, 2, 1])
    assert not groups.sound.any()


def test_joint_groups_number_combinations():
    columns = np.array([[1, 2], [2, 1], [1, 2], [1, -1]])
    assert alike(joint_groups(columns)) == alike(["a", "b", "a", "c"])
