"""A generated corpus of large photographs with sound, as cameras leave them.

Pictures are noise whose spectrum falls as that of natural images does, so that JPEG
has about as much to code. Source: Field, Relations between the statistics of natural
images and the response properties of cortical cells (JOSA A, 1987). Legend: H, W
pixels, T samples.
"""

import csv
import os

import numpy as np
import soundfile
from PIL import Image

_JPEG_QUALITY = 90
_SAMPLE_RATE_HZ, _SECONDS = 44100, 2.0
_SLOPE = 1.2
_LIGHT, _COLOUR = 45.0, 18.0
# Colours change slower than light does.
_COLOUR_SCALE = 8
_WORDS = ("the", "good", "bad", "dinner", "was", "not", "very", "lovely", "film", "and")


def write_camera_corpus(
    folder: str, *, pictures: int, copies: int, width: int, height: int, seed: int = 0
) -> str:
    """Writes JPEG and WAV files and their manifest.

    Args:
        folder: where; it is made.
        pictures: how many, each with a sound.
        copies: rows that each of them is in. Rows are what a reader goes through, and
            pictures take long to make.
        width: of each picture, in pixels.
        height: likewise.
        seed: same seed, same corpus.

    Returns:
        The manifest's path.
    """
    os.makedirs(folder, exist_ok=True)
    manifest, size = os.path.join(folder, "manifest.csv"), (height, width)
    with open(manifest, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "image", "audio", "label", "split"])
        media = [
            _write_media(np.random.default_rng((seed, number)), folder, number, size)
            for number in range(pictures)
        ]
        for number, (image, audio) in enumerate(copies * media):
            random = np.random.default_rng((seed, pictures + number))
            text, label = " ".join(random.choice(_WORDS, 20)), "ab"[number % 2]
            writer.writerow([f"{number:05}", text, image, audio, label, "train"])
    return manifest


def _write_media(random, folder, number, size):
    image, audio = f"{number:05}.jpg", f"{number:05}.wav"
    picture = _picture(random, *size)
    picture.save(os.path.join(folder, image), quality=_JPEG_QUALITY)
    _write_sound(random, os.path.join(folder, audio))
    return image, audio


def _picture(random, height, width):
    light = _noise(random, height, width)
    small = (height // _COLOUR_SCALE, width // _COLOUR_SCALE)
    colours = [
        Image.fromarray(_noise(random, *small)).resize((width, height))
        for _ in range(2)
    ]
    planes = [_LIGHT * light, *(_COLOUR * np.asarray(colour) for colour in colours)]
    values = np.clip(128 + np.stack(planes, axis=-1), 0, 255).astype(np.uint8)
    planes = [Image.fromarray(np.ascontiguousarray(values[..., i])) for i in range(3)]
    return Image.merge("YCbCr", planes).convert("RGB")


def _noise(random, height, width):
    """float32 (H, W) of deviation 1, whose amplitudes fall with the frequency."""
    vertical = np.fft.fftfreq(height)[:, np.newaxis]
    frequency = np.hypot(vertical, np.fft.rfftfreq(width))
    frequency[0, 0] = np.inf
    shape = frequency.shape
    amplitudes = random.standard_normal(shape) + 1j * random.standard_normal(shape)
    noise = np.fft.irfft2(amplitudes / frequency**_SLOPE, (height, width))
    return (noise / noise.std()).astype(np.float32)


def _write_sound(random, path):
    noise = random.standard_normal(round(_SAMPLE_RATE_HZ * _SECONDS))
    smooth = np.convolve(noise, np.ones(16) / 16, "same")
    soundfile.write(path, 0.2 * smooth, _SAMPLE_RATE_HZ, subtype="PCM_16")
