import io

import numpy as np
import pytest
import soundfile

from pipelines.inspection.audio_facts import audio_facts, clipped_share, silent_share
from pipelines.inspection.facts import EMPTY, SOUND, UNREADABLE
from pipelines.media import prepare_audio
from tests.pipelines.inspection.faulty_corpus import RATE_HZ, voice
from tests.pipelines.media_samples import wav_bytes


def facts_of(samples):
    return audio_facts(wav_bytes(samples, sample_rate_hz=RATE_HZ))[0]


def with_rate_zero(wav):
    return wav[:24] + bytes(4) + wav[28:]


def test_duration_and_rate_come_from_the_file():
    facts = facts_of(voice(np.random.default_rng(0), "good"))
    assert facts["audio_seconds"] == pytest.approx(0.6)
    assert facts["audio_rate_hz"] == RATE_HZ
    assert facts["audio_state"] == SOUND


def test_silence_is_the_share_of_quiet_frames():
    quiet = np.full(300, round(2**15 * 10 ** (-51 / 20)), "int16")
    loud = np.full(100, round(2**15 * 10 ** (-49 / 20)), "int16")
    assert silent_share(np.concatenate([quiet, loud]), 5000) == 0.75
    assert silent_share(quiet[:5], 5000) == 1


def test_only_a_recording_without_any_sound_is_silent():
    hiss = 1e-4 * np.random.default_rng(0).normal(size=4000)
    assert facts_of(hiss)["audio_state"] == EMPTY
    hiss[2000:2400] = 0.1
    assert facts_of(hiss)["audio_state"] == SOUND


def test_clipping_is_the_share_of_samples_at_full_scale():
    pcm = np.array([0, 32767, -32768, 32766, -5, 32767, -32767, 1], "int16")
    assert clipped_share(pcm) == 0.5


def test_equal_samples_have_equal_digests_whatever_the_header():
    samples = voice(np.random.default_rng(0), "bad")
    canonical = wav_bytes(samples, sample_rate_hz=RATE_HZ)
    note = b"LIST" + (4).to_bytes(4, "little") + b"INFO"
    size = (len(canonical) - 8 + len(note)).to_bytes(4, "little")
    longer = canonical[:4] + size + canonical[8:36] + note + canonical[36:]
    assert (
        audio_facts(longer)[0]["audio_same"] == audio_facts(canonical)[0]["audio_same"]
    )
    assert facts_of(samples[1:])["audio_same"] != facts_of(samples)["audio_same"]


@pytest.mark.parametrize(
    "data",
    [b"no audio", wav_bytes(np.zeros((9, 2))), wav_bytes(np.zeros(0)),
     wav_bytes(np.zeros(9), subtype="FLOAT"), with_rate_zero(wav_bytes(np.zeros(9)))],
)  # fmt: skip
def test_what_shards_do_not_hold_cannot_be_read(data):
    facts, spectrum = audio_facts(data)
    assert facts["audio_state"] == UNREADABLE
    assert spectrum is None


def test_a_recording_encoded_anew_is_close_and_another_is_not():
    rng = np.random.default_rng(1)
    samples = voice(rng, "good")
    buffer = io.BytesIO()
    soundfile.write(buffer, 0.5 * samples, RATE_HZ, format="OGG", subtype="VORBIS")
    again = audio_facts(prepare_audio(buffer.getvalue(), sample_rate_hz=RATE_HZ))[0]
    first, other = facts_of(samples), facts_of(voice(rng, "good"))
    for facts, is_close in ((again, True), (other, False)):
        bits = np.bitwise_count(first["audio_code"] ^ facts["audio_code"]).sum()
        decibels = np.abs(first["audio_sketch"] - facts["audio_sketch"]).mean() / 2
        assert ((bits <= 7) & (decibels <= 0.8)) == is_close
