"""Evidence of runs that never were, and rows to show."""

import copy
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO

import numpy as np
import soundfile
from PIL import Image

from mmtf import presets
from mmtf.config import Labels
from mmtf.evaluation import Predictions, evaluate
from mmtf.evaluation.robustness import dropped_curves
from mmtf.features import SUBSETS, subset_name
from mmtf.report.evidence import Evidence

NAMES = ("bad", "<b>so & so</b>", "good")


def made_predictions(labels, num_outputs, seed=0, strength=0.45):
    """Answers that are right the more often, the more modalities are seen."""
    generator = np.random.default_rng(seed)
    rows = len(labels)
    logits = {"none": np.zeros((rows, num_outputs), "float32")}
    for subset in SUBSETS:
        if num_outputs > 1:
            truth = strength * len(subset) * np.eye(num_outputs)[labels]
        else:
            truth = strength * len(subset) * labels[:, None]
        noise = generator.normal(size=(rows, num_outputs))
        logits[subset_name(subset)] = (truth + noise).astype("float32")
    return Predictions(
        labels=labels,
        logits=logits,
        presence=np.ones((rows, 3), bool),
        modality_weights=np.tile([0.5, 0.3, 0.2], (rows, 1)).astype("float32"),
        ids=tuple(f"row {index}" for index in range(rows)),
    )


def made_evidence(task="classification", *, names=NAMES, rows=60, seed=0, **changes):
    """All that a run can hold; `changes` replace parts of it."""
    labels, predictions = _made(task, names, rows, seed)
    if "figures" not in changes:
        changes["figures"] = copy.deepcopy(_measured(task, names, rows, seed))
    followed = "accuracy" if task == "classification" else "mae"
    evidence = Evidence(
        name="made",
        config=replace(presets.tiny(), labels=labels),
        split="test",
        figures=None,
        seeds=None,
        predictions=predictions,
        temperature=1.25 if task == "classification" else 1.0,
        is_calibrated=task == "classification",
        history={
            "epoch": [0.0, 1.0, 2.0],
            followed: [0.3, None, 0.6],
            "loss": [1.0, 0.8, 0.7],
            f"val_{followed}": [0.4, 0.5, 0.5],
            "val_loss": [0.9, 0.6, 0.65],
        },
        robustness=made_robustness(predictions, task) if rows else None,
    )
    return replace(evidence, **changes)


def _made(task, names, rows, seed):
    generator = np.random.default_rng(7)
    if task == "classification":
        labels = Labels(class_names=names)
        truth = generator.integers(0, len(names), rows)
    else:
        labels = Labels(task="regression")
        truth = generator.normal(size=rows).astype("float32")
    return labels, made_predictions(truth, labels.num_outputs, seed)


@cache
def _measured(task, names, rows, seed):
    labels, predictions = _made(task, names, rows, seed)
    return evaluate(predictions, labels, temperature=1.25)


def made_robustness(predictions, task):
    headline = "accuracy" if task == "classification" else "mae"
    point = {headline: 0.8, "loss": 0.5, "alone": {headline: 0.5, "loss": 0.9}}
    noise = {"modality": "audio", "unit": "dB SNR", "clean": point}
    return {
        "split": "test",
        "dropped": dropped_curves(predictions, task=task, draws=2),
        "noise": {"white noise": {**noise, "levels": [{"level": 10, **point}]}},
    }


@dataclass
class Row:
    id: str = "row 1"
    text: str = "it is <script>alert(1)</script> good"
    image: bytes = b""
    audio: bytes = b""


def image_file(width=20, height=10, kind="PNG"):
    file = BytesIO()
    Image.new("RGB", (width, height), (200, 10, 10)).save(file, kind)
    return file.getvalue()


def wav_file(seconds=0.5, rate=8000):
    file = BytesIO()
    samples = np.sin(np.arange(int(seconds * rate)) / 10)
    soundfile.write(file, samples, rate, subtype="PCM_16", format="WAV")
    return file.getvalue()


def full_row(**changes):
    return replace(Row(image=image_file(), audio=wav_file()), **changes)


DATA_REPORT = {
    "labels": {"task": "classification", "class_names": NAMES},
    "image_side": 256,
    "sample_rate_hz": 16000,
    "splits": {
        "train": {
            "rows": 1000,
            "present": {"text": 900, "image": 1000, "audio": 1000},
            "labels": {"bad": 500, "<b>so & so</b>": 250, "good": 250},
        },
        "test": {
            "rows": 60,
            "present": {"text": 60, "image": 60, "audio": 60},
            "labels": {"bad": 20, "good": 40},
        },
    },
    "dropped": {"no label": {"count": 1, "ids": ("7",)}},
    "lost": {"image": {"is no image": {"count": 2, "ids": ("8", "9")}}},
    "duplicate_ids": 0,
}
