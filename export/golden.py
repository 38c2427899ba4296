"""Rows to compare answers on: every subset of the modalities, and the extremes."""

import numpy as np

from export import golden_media as media
from mmtf.features import AUDIO, IMAGE, MODALITIES, SUBSETS, TEXT, subset_name
from pipelines.preprocess import OnBadMedia

NUM_SUBSETS = len(SUBSETS) + 1
"""The first rows are the subsets, with the empty one."""


def golden_rows(
    *, sample_rate_hz: int, seconds: float = 1.0, on_bad_media: OnBadMedia = "absent"
) -> tuple[list[str], dict[str, np.ndarray]]:
    """Synthetic rows, the same on every machine.

    Args:
        sample_rate_hz: the model's.
        seconds: the longest waveform it takes; one row has more.
        on_bad_media: "absent" adds rows with broken media.

    Returns:
        The name of each row, and by modality its raw bytes, an array of objects
        (B,) in which b"" stands for absent.
    """

    def wav(length):
        return media.wav_16_bit(media.chirp(sample_rate_hz, length), sample_rate_hz)

    rows = {**_subsets(wav(0.25)), **_extremes(wav(0), wav(seconds + 1)), **_formats()}
    if on_bad_media == "absent":
        rows |= _broken(wav(0.25)[:-100])
    inputs = {
        modality: np.array([row.get(modality, b"") for row in rows.values()], object)
        for modality in MODALITIES
    }
    return list(rows), inputs


def _subsets(wav):
    full = {
        TEXT: media.TEXT.encode(),
        IMAGE: media.png(media.picture(48, 64)),
        AUDIO: wav,
    }
    return {
        subset_name(subset) or "none": {modality: full[modality] for modality in subset}
        for subset in (*SUBSETS, ())
    }


def _extremes(shortest, longest):
    return {
        "shortest": {
            TEXT: b"a",
            IMAGE: media.png(media.picture(1, 1)),
            AUDIO: shortest,
        },
        "longest": {
            TEXT: (media.TEXT * 300).encode(),
            IMAGE: media.png(media.picture(1500, 2000)),
            AUDIO: longest,
        },
    }


def _formats():
    def sound(rate_hz):
        return media.chirp(rate_hz, 0.25), rate_hz

    stereo = np.stack([media.chirp(44100, 0.25), np.zeros(11025)], axis=1)
    return {
        "odd characters": {TEXT: media.ODD_TEXT},
        "JPEG": {IMAGE: media.jpeg(media.picture(100, 90))},
        "BMP": {IMAGE: media.bmp(media.picture(33, 35))},
        "GIF": {IMAGE: media.GIF},
        "44.1 kHz stereo": {AUDIO: media.wav_16_bit(stereo, 44100)},
        "8 kHz of 8 bits": {AUDIO: media.wav_8_bit(*sound(8000))},
        "48 kHz of 24 bits": {AUDIO: media.wav_24_bit(*sound(48000))},
        "streamed floats": {AUDIO: media.wav_streamed(*sound(22050))},
    }


def _broken(wav):
    image = media.png(media.picture(48, 64))
    damaged = image[:-40] + bytes(8) + image[-32:]
    return {
        "broken image": {TEXT: media.TEXT.encode(), IMAGE: damaged},
        "broken audio": {TEXT: media.TEXT.encode(), AUDIO: wav},
    }
