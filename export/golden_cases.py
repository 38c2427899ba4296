"""The golden rows as requests to each signature, with the model's own answers."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from export.golden import NUM_SUBSETS, golden_rows
from mmtf.config import Config, Labels
from mmtf.evaluation.shapley import COALITIONS, EMPTY, shapley_values
from mmtf.features import MODALITIES, subset_mask
from mmtf.model import detailed_model
from pipelines import schema
from pipelines.preprocess import OnBadMedia, Preprocessor

_ROWS = 4


@dataclass(frozen=True)
class GoldenCase:
    """One request, and what must be answered.

    Attributes:
        signature: its name.
        row_names: what messages call the rows.
        inputs: arrays by name, rows first.
        answers: likewise.
    """

    signature: str
    row_names: list[str]
    inputs: dict[str, np.ndarray]
    answers: dict[str, np.ndarray]


def golden_cases(
    model: keras.Model,
    preprocessor: Preprocessor,
    config: Config,
    *,
    temperature: float = 1.0,
    on_bad_media: OnBadMedia = "absent",
) -> list[GoldenCase]:
    """A case for each signature, answered by the live model, eagerly, on the CPU.

    Args:
        model: the trained one, as `mmtf.build_model` makes it.
        preprocessor: what stands before it.
        config: the run's.
        temperature: what logits are divided by before they become scores.
        on_bad_media: as in the export.
    """
    audio = config.model.audio
    names, raw = golden_rows(
        sample_rate_hz=audio.sample_rate_hz,
        seconds=audio.seconds,
        on_bad_media=on_bad_media,
    )
    # A GPU rounds otherwise; servers run on the CPU.
    with tf.device("/CPU:0"):
        strings = [tf.constant(raw[modality]) for modality in MODALITIES]
        batch = preprocessor.batch(*strings, on_bad_media=on_bad_media)
        outputs = _run(detailed_model(model), batch)
    scored = live_answers(outputs, config.labels, temperature)
    seen = batch["presence"].numpy() & subset_mask(config.model.modalities)
    presence = {"presence": seen}
    embedding = {"embedding": np.asarray(outputs["embedding"], np.float32)}
    first = {key: value[:NUM_SUBSETS].numpy() for key, value in batch.items()}
    few, head = names[:NUM_SUBSETS], _head({**scored, **presence})
    return [
        GoldenCase("serving_default", names, raw, {**scored, **presence}),
        # The others say nothing new here.
        GoldenCase("explain", few, _head(raw), {**head, **_explanations(head)}),
        # Nor here, and preprocessed rows are large.
        GoldenCase("tensors", few, first, _head(scored)),
        GoldenCase("examples", names, _examples(raw), _examples_answers(scored)),
        GoldenCase("embed", names, raw, {**embedding, **presence}),
    ]


def _run(details, batch):
    # A few rows at a time: run eagerly, a base model needs gigabytes for all.
    num_rows = len(batch["presence"])
    parts = [
        details(_rows(batch, start), training=False)
        for start in range(0, num_rows, _ROWS)
    ]
    return {key: tf.concat([part[key] for part in parts], axis=0) for key in parts[0]}


def _rows(batch, start):
    return {key: value[start : start + _ROWS] for key, value in batch.items()}


def live_answers(
    outputs: dict[str, tf.Tensor], labels: Labels, temperature: float = 1.0
) -> dict[str, np.ndarray]:
    """What the signature `tensors` must answer, from the model's own outputs."""
    logits = np.asarray(outputs["logits"], np.float32)
    answers = {"modality_weights": np.asarray(outputs["modality_weights"], np.float32)}
    if labels.task == "regression":
        return {**answers, "value": logits}
    logits = logits / np.float32(temperature)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    scores = exponentials / exponentials.sum(axis=1, keepdims=True)
    names = [name.encode() for name in labels.class_names]
    classes = np.array([names] * len(logits), object)
    return {**answers, "classes": classes, "scores": scores}


def _head(answers):
    return {key: value[:NUM_SUBSETS] for key, value in answers.items()}


def _explanations(answers):
    """Of the first rows, which are all subsets of one: with less seen, a row of them
    is answered as another is."""
    output, base = "scores", "base_scores"
    if "value" in answers:
        output, base = "value", "base_value"
    subsets = [frozenset(subset) for subset in COALITIONS]
    seen = [[subsets.index(mask & row) for row in subsets] for mask in subsets]
    scores = answers[output][np.array(seen)]  # (8, rows, C)
    contributions = np.asarray(shapley_values(scores, answers["presence"]))
    return {base: scores[EMPTY], "contributions": contributions}


def _examples(raw):
    rows = zip(*(raw[modality] for modality in MODALITIES), strict=True)
    records = [
        schema.serialize(dict(zip(MODALITIES, row, strict=True))) for row in rows
    ]
    return {"inputs": np.array(records, object)}


def _examples_answers(scored):
    if "value" in scored:
        return {"outputs": scored["value"]}
    return {key: scored[key] for key in ("classes", "scores")}
