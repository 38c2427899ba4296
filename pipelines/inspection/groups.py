"""Which rows hold the same content, modality by modality.

Legend: N rows, M modalities (3).
"""

from dataclasses import dataclass

import numpy as np

from mmtf.features import AUDIO, IMAGE, MODALITIES, TEXT
from pipelines.inspection.audio_facts import HALF_DECIBELS
from pipelines.inspection.facts import ABSENT, SOUND
from pipelines.inspection.near import near_groups

MAX_IMAGE_LEVELS = 5.0
"""Near copies of an image differ by at most so much, of 255, in the mean over the
cells of their sketches. Encoding anew costs 1 or 2, half the size 2 or 3; of the
generated and the drawn faces tried here no two were closer than 10."""
MAX_AUDIO_DECIBELS = 0.8
"""The same of recordings. Ogg Vorbis costs half a decibel, half the loudness less;
synthetic voices that differ were 0.9 apart or more."""
MAX_DURATION_DIFFERENCE = 0.02
"""Near copies of a recording are as long, but for so much of the duration."""


@dataclass(frozen=True)
class Groups:
    """Numbers that only rows with the same content share."""

    same: np.ndarray
    """int64 (N, M): equal texts, image files or samples; -1 where absent."""
    near: np.ndarray
    """int64 (N, M): equal or near-equal ones; -1 where absent."""
    sound: np.ndarray
    """bool (N, M): there is content that tells rows apart, see `facts.EMPTY`."""


def find_groups(facts: np.ndarray) -> Groups:
    """Finds equal and near-equal content.

    Args:
        facts: `FACTS` (N,).
    """
    finders = {TEXT: _near_texts, IMAGE: _near_images, AUDIO: _near_audio}
    same, near = (np.full((len(facts), len(MODALITIES)), -1) for _ in range(2))
    for column, modality in enumerate(MODALITIES):
        present = np.flatnonzero(facts[f"{modality}_state"] != ABSENT)
        digests = facts[f"{modality}_same"][present]
        _, first, group = np.unique(digests, return_index=True, return_inverse=True)
        same[present, column] = group
        near[present, column] = finders[modality](facts[present[first]])[group]
    states = [facts[f"{modality}_state"] for modality in MODALITIES]
    return Groups(same, near, np.stack(states, axis=1) == SOUND)


def _near_texts(facts):
    return np.unique(facts["text_near"], return_inverse=True)[1]


def _near_images(facts):
    def confirm(first, second):
        sketches = facts["image_sketch"]
        return _mean_difference(sketches, first, second) <= MAX_IMAGE_LEVELS

    return _near_sound(facts, IMAGE, confirm)


def _near_audio(facts):
    seconds = facts["audio_seconds"]

    def confirm(first, second):
        difference = np.abs(seconds[first] - seconds[second])
        longer = np.maximum(seconds[first], seconds[second])
        levels = _mean_difference(facts["audio_sketch"], first, second)
        alike = levels <= HALF_DECIBELS * MAX_AUDIO_DECIBELS
        return alike & (difference <= MAX_DURATION_DIFFERENCE * longer)

    return _near_sound(facts, AUDIO, confirm)


def _near_sound(facts, modality, confirm):
    # What is empty or unreadable is near to nothing but its equals.
    groups = np.arange(len(facts))
    sound = np.flatnonzero(facts[f"{modality}_state"] == SOUND)
    groups[sound] = len(facts) + near_groups(
        facts[f"{modality}_code"][sound], lambda i, j: confirm(sound[i], sound[j])
    )
    return groups


def _mean_difference(sketches, first, second):
    difference = sketches[first].astype("int16") - sketches[second]
    cells = tuple(range(1, difference.ndim))
    return np.abs(difference).mean(axis=cells)


def joint_groups(columns: np.ndarray) -> np.ndarray:
    """One number for each combination of numbers: int (N, K) to int (N,)."""
    return np.unique(columns, axis=0, return_inverse=True)[1].reshape(-1)
