"""Voices with a mood: wordless speech, synthesised with NumPy.

A source-filter voice: pulses at the pitch, shaped by the formants of vowels,
come in syllables and stand in some noise. A mood is a manner of speaking, drawn
from ranges that hardly overlap: pitch and its glide, tempo, brightness and
level. The speaker, who knows nothing of the mood, gives the base pitch, the
length of the vocal tract, vibrato, breath and noise.

Legend: T samples.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.demo.oracle import NEGATIVE, NEUTRAL, POSITIVE

SAMPLE_RATE_HZ = 16000
MIN_SECONDS, MAX_SECONDS = 1.0, 2.0
VOWEL_FORMANTS_HZ = ((730, 1090, 2440), (530, 1840, 2480), (390, 1990, 2550),
                     (570, 840, 2410), (440, 1020, 2240))  # fmt: skip
"""First three formants of vowels (men's, Peterson & Barney 1952, table II)."""


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a mood speaks: a (low, high) range for each quality."""

    pitch_semitones: tuple[float, float]
    """Above the base pitch of the speaker."""
    glide_semitones: tuple[float, float]
    """Rise of the pitch from the start to the end."""
    syllables_per_second: tuple[float, float]
    brightness: tuple[float, float]
    """Sharpness of the pulses: about the number of strong harmonics, squared."""
    level_dbfs: tuple[float, float]
    """Root mean square of the waveform, 0 dB being that of a full square wave."""


MANNERS = {
    NEGATIVE: Manner(
        pitch_semitones=(-5, -2), glide_semitones=(-9, -4),
        syllables_per_second=(2.0, 3.0), brightness=(2, 5), level_dbfs=(-32, -27),
    ),
    NEUTRAL: Manner(
        pitch_semitones=(-1, 1), glide_semitones=(-0.5, 0.5),
        syllables_per_second=(3.6, 4.6), brightness=(12, 22), level_dbfs=(-25, -22),
    ),
    POSITIVE: Manner(
        pitch_semitones=(2, 5), glide_semitones=(4, 9),
        syllables_per_second=(5.4, 7.0), brightness=(50, 100), level_dbfs=(-20, -17),
    ),
}  # fmt: skip


def speak(mood: str, rng: np.random.Generator) -> np.ndarray:
    """A voice of 1 to 2 seconds that shows a mood.

    Args:
        mood: one of `oracle.MOODS`.
        rng: source of all choices.

    Returns:
        (T,) float32 in (-1, 1) at 16 kHz.
    """
    manner = MANNERS[mood]
    seconds = rng.uniform(MIN_SECONDS, MAX_SECONDS)
    time = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    loudness, vowel_index = _syllables(time, manner, rng)
    source = _pulses(_pitch_hz(time, manner, rng), rng.uniform(*manner.brightness))
    source += rng.uniform(0.02, 0.08) * rng.standard_normal(len(time))
    voice = loudness * _formant_filter(source, vowel_index, rng.uniform(0.95, 1.2))
    return _at_level(_in_noise(voice, rng), rng.uniform(*manner.level_dbfs))


def _pitch_hz(time, manner, rng):
    base_hz = 100 * 2 ** rng.uniform(0, 0.8)
    glide = rng.uniform(*manner.glide_semitones) * (time / time[-1] - 0.5)
    vibrato = rng.uniform(0.05, 0.3) * np.sin(2 * np.pi * rng.uniform(4, 6) * time)
    semitones = rng.uniform(*manner.pitch_semitones) + glide + vibrato
    return base_hz * 2 ** (semitones / 12)


def _pulses(pitch_hz, brightness):
    """Smooth pulses, of which harmonic n is about exp(-n**2 / (2 * brightness))."""
    phase = 2 * np.pi * np.cumsum(pitch_hz) / SAMPLE_RATE_HZ
    pulses = np.exp(brightness * (np.cos(phase) - 1))
    pulses -= pulses.mean()
    return pulses / pulses.std()


def _syllables(time, manner, rng):
    """Loudness and vowel of each sample; a syllable begins and ends in silence."""
    most = 2 * int(np.ceil(MAX_SECONDS * manner.syllables_per_second[1]))
    seconds = rng.uniform(0.8, 1.2, most) / rng.uniform(*manner.syllables_per_second)
    position = np.interp(time, np.cumsum(seconds) - seconds[0], np.arange(most))
    index = position.astype(int)
    stress = rng.uniform(0.7, 1.0, most)
    vowel = rng.integers(len(VOWEL_FORMANTS_HZ), size=most)
    return stress[index] * np.sin(np.pi * (position - index)) ** 0.7, vowel[index]


def _formant_filter(source, vowel_index, tract_scale):
    """Each sample from the source as its vowel shapes it."""
    size = 2 ** int(np.ceil(np.log2(len(source))))
    frequency_hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    spectrum = np.fft.rfft(source, size)
    voice = np.zeros_like(source)
    for vowel in np.unique(vowel_index):
        gain = _vowel_gain(frequency_hz / tract_scale, VOWEL_FORMANTS_HZ[vowel])
        shaped = np.fft.irfft(spectrum * gain)[: len(source)]
        voice = np.where(vowel_index == vowel, shaped, voice)
    return voice


def _vowel_gain(frequency_hz, formants_hz):
    peaks = [
        height / (1 + ((frequency_hz - formant) / half_width) ** 2)
        for formant, height, half_width in zip(
            formants_hz, (1, 0.7, 0.4), (60, 80, 110), strict=True
        )
    ]
    return 0.08 + np.sum(peaks, axis=0)


def _in_noise(voice, rng):
    """With background noise of any colour from white to pink, 12 to 30 dB below."""
    size = 2 ** int(np.ceil(np.log2(len(voice))))
    spectrum = np.fft.rfft(rng.standard_normal(size))
    spectrum /= np.arange(1, len(spectrum) + 1) ** rng.uniform(0, 0.5)
    noise = np.fft.irfft(spectrum)[: len(voice)]
    ratio = 10 ** (-rng.uniform(12, 30) / 20)
    return voice + noise * ratio * voice.std() / noise.std()


def _at_level(waveform, level_dbfs):
    """At this level, or lower if a peak would be clipped otherwise."""
    waveform = waveform * 10 ** (level_dbfs / 20) / waveform.std()
    return (waveform / max(1.0, np.abs(waveform).max() / 0.99)).astype("float32")
