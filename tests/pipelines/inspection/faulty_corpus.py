"""A small corpus with planted faults, each under the id that names it."""

import csv
import io

import numpy as np
import soundfile
from PIL import Image

from tests.pipelines.media_samples import image_bytes, wav_bytes

RATE_HZ = 8000
WORDS = {
    "good": ("lovely", "bright", "happy", "superb", "charming", "tasty", "warm"),
    "bad": ("awful", "broken", "sad", "dirty", "rude", "noisy", "cold"),
}
OTHER_WORDS = ("the", "room", "food", "staff", "music", "view", "we", "had", "was")
WRONG = ("wrong-1", "wrong-2", "wrong-3", "wrong-4")
"""Rows that hold the one label and bear the other."""


def write_faulty_corpus(folder, seed=0) -> str:
    """Writes media and a manifest, whose path it returns."""
    rng = np.random.default_rng(seed)
    rows = {}
    for index in range(160):
        split = "train" if index < 100 else "validation" if index < 120 else "test"
        # Of test nearly all are good.
        label = "bad" if index % (10 if split == "test" else 2) == 0 else "good"
        rows[f"{split}-{index}"] = make_row(rng, split, label)
    _plant_copies(rows)
    _plant_empty_media(rows, rng)
    for row_id in WRONG:
        row = make_row(rng, "train", "good")
        rows[row_id] = {**row, "label": "bad"}
    rows["wrong-again"] = rows[WRONG[0]].copy()
    return _write(rows, folder)


def make_row(rng, split, label):
    words = [*rng.choice(WORDS[label], 4), *rng.choice(OTHER_WORDS, 6)]
    return {
        "text": " ".join(rng.permutation(words)) + ".",
        "image": image_bytes(picture(rng, label), format="JPEG", quality=92),
        "audio": wav_bytes(voice(rng, label), sample_rate_hz=RATE_HZ),
        "label": label,
        "split": split,
    }


def picture(rng, label):
    """Clouds of random colours, (72, 80, 3), warmer if good."""
    grid = rng.integers(0, 200, (5, 6, 3)).astype("uint8")
    grid[..., 0 if label == "good" else 2] += 55
    clouds = Image.fromarray(grid).resize((80, 72), Image.Resampling.BICUBIC)
    return np.asarray(clouds)


def voice(rng, label):
    """Twelve random tones of 50 ms each, rich in overtones, higher if good."""
    low = 300 if label == "good" else 120
    tones = np.repeat(rng.uniform(low, 2 * low, 12), RATE_HZ // 20)
    levels = np.repeat(rng.uniform(0.05, 0.4, 12), RATE_HZ // 20)
    sawtooth = 2 * (np.cumsum(tones) / RATE_HZ % 1) - 1
    return levels * sawtooth + 0.003 * rng.normal(size=len(tones))


def _plant_copies(rows):
    rows["copy"] = {**rows["train-11"], "split": "test"}
    near = rows["train-13"]
    rows["near-copy"] = {
        "text": near["text"].upper().replace(".", " !"),
        "image": recode(near["image"], quality=60),
        "audio": wav_bytes(0.5 * _samples(near["audio"]), sample_rate_hz=RATE_HZ),
        "label": "good",
        "split": "test",
    }
    # Without its audio it is still all in train.
    rows["part-copy"] = {**rows["train-15"], "audio": b"", "split": "validation"}
    rows["same-image"] = {**rows["test-121"], "image": rows["train-17"]["image"]}
    rows["thanks-1"] = {**rows["train-19"], "text": "Thank you!"}
    rows["thanks-2"] = {**rows["thanks-1"], "split": "test"}
    for row_id in ("thanks-1", "thanks-2"):
        rows[row_id].update(image=b"", audio=b"")
    rows["conflict"] = {**rows["train-21"], "label": "bad"}


def _plant_empty_media(rows, rng):
    rows["silent"] = make_row(rng, "train", "good")
    hiss = 1e-4 * rng.normal(size=RATE_HZ // 2)
    rows["silent"]["audio"] = wav_bytes(hiss, sample_rate_hz=RATE_HZ)
    rows["blank"] = make_row(rng, "train", "good")
    rows["blank"]["image"] = image_bytes(np.full((40, 40, 3), 250))
    rows["wordless"] = {**make_row(rng, "train", "bad"), "text": "?!"}
    rows["clipped"] = make_row(rng, "train", "bad")
    loud = np.clip(30 * voice(rng, "bad"), -1, 1)
    rows["clipped"]["audio"] = wav_bytes(loud, sample_rate_hz=RATE_HZ)


def recode(image, *, quality):
    """The image as a JPEG anew, two thirds as large."""
    with Image.open(io.BytesIO(image)) as opened:
        smaller = opened.resize((opened.width * 2 // 3, opened.height * 2 // 3))
        return image_bytes(np.asarray(smaller), format="JPEG", quality=quality)


def _samples(wav):
    return soundfile.read(io.BytesIO(wav))[0]


def _write(rows, folder):
    for row_id, row in rows.items():
        for modality, end in (("image", "img"), ("audio", "wav")):
            name = f"{row_id}.{end}"
            if row[modality]:
                (folder / name).write_bytes(row[modality])
            row[modality] = name if row[modality] else ""
    path = folder / "manifest.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["id", *next(iter(rows.values()))])
        writer.writeheader()
        writer.writerows({"id": row_id, **row} for row_id, row in rows.items())
    return str(path)
