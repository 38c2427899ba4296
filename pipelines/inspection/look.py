"""The one look at each row, in worker processes without TensorFlow."""

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from pipelines.inspection.audio_facts import audio_facts
from pipelines.inspection.facts import FACTS
from pipelines.inspection.image_facts import image_facts
from pipelines.inspection.probe_features import (
    NUM_AUDIO_FEATURES,
    NUM_IMAGE_FEATURES,
    audio_features,
    image_features,
)
from pipelines.inspection.text_facts import text_facts


@dataclass(frozen=True)
class Media:
    """What of a row is looked at; what it does not have is empty."""

    text: str
    image: bytes
    audio: bytes
    is_sampled: bool
    """Whether features are wanted."""


@dataclass(frozen=True)
class Look:
    """What was seen of some rows."""

    facts: np.ndarray
    """`FACTS` of each row."""
    image: np.ndarray
    """float16, image features of the rows that are sampled; NaN where absent."""
    audio: np.ndarray
    """float16, audio features of the rows that are sampled; NaN where absent."""


def look_at(rows: list[Media]) -> Look:
    """Measures some rows."""
    # There is a process for each core already.
    with threadpool_limits(1):
        return _look_at(rows)


def _look_at(rows):
    facts = np.zeros(len(rows), FACTS)
    images, audios = [], []
    for index, row in enumerate(rows):
        small = spectrum = None
        found = text_facts(row.text) if row.text else {}
        if row.image:
            of_image, small = image_facts(row.image)
            found.update(of_image)
        if row.audio:
            of_audio, spectrum = audio_facts(row.audio)
            found.update(of_audio)
        for name, value in found.items():
            facts[name][index] = value
        if row.is_sampled:
            images.append(_features(image_features, small, NUM_IMAGE_FEATURES))
            audios.append(_features(audio_features, spectrum, NUM_AUDIO_FEATURES))
    return Look(
        facts,
        np.array(images, "float16").reshape(-1, NUM_IMAGE_FEATURES),
        np.array(audios, "float16").reshape(-1, NUM_AUDIO_FEATURES),
    )


def _features(measure, medium, number):
    return np.full(number, np.nan) if medium is None else measure(medium)
