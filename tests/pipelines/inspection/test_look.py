import subprocess
import sys

import numpy as np

from pipelines.inspection.facts import ABSENT, SOUND, UNREADABLE
from pipelines.inspection.look import Media, look_at
from tests.pipelines.inspection.faulty_corpus import picture, voice
from tests.pipelines.media_samples import image_bytes, wav_bytes


def test_absent_and_unreadable_media_are_told_apart():
    rng = np.random.default_rng(0)
    image = image_bytes(picture(rng, "good"))
    audio = wav_bytes(voice(rng, "good"))
    rows = [Media("word", image, audio, False), Media("", b"no image", b"", False)]
    facts = look_at(rows).facts
    assert facts["text_state"].tolist() == [SOUND, ABSENT]
    assert facts["image_state"].tolist() == [SOUND, UNREADABLE]
    assert facts["audio_state"].tolist() == [SOUND, ABSENT]
    assert facts["image_width"].tolist() == [80, 0]


def test_features_are_of_sampled_rows_and_no_numbers_where_absent():
    rng = np.random.default_rng(0)
    image = image_bytes(picture(rng, "good"))
    rows = [Media("a", image, b"", True), Media("b", image, b"", False)]
    look = look_at([*rows, Media("c", b"", wav_bytes(voice(rng, "bad")), True)])
    assert np.isnan(look.image).all(axis=1).tolist() == [False, True]
    assert np.isnan(look.audio).all(axis=1).tolist() == [True, False]
    assert np.isfinite(look.image[0]).all()
    assert np.isfinite(look.audio[1]).all()
    assert 0 <= look.image[0].min() <= look.image[0].max() <= 1


def test_no_rows_are_fine():
    look = look_at([])
    assert (len(look.facts), len(look.image), len(look.audio)) == (0, 0, 0)


def test_workers_do_without_tensorflow():
    code = (
        "import sys, pipelines.inspection.look; "
        "sys.exit(any(m in sys.modules for m in ('tensorflow', 'sklearn', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
