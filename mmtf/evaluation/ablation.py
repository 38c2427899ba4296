"""What else could have been trained, and how it compares.

Legend: N rows, C outputs, M modalities (3).
"""

import dataclasses
from collections.abc import Mapping

import numpy as np
from scipy.special import softmax

from mmtf.config import Config, ModelConfig
from mmtf.errors import InputError
from mmtf.evaluation.classification import classification_metrics
from mmtf.evaluation.intervals import classification_intervals, regression_intervals
from mmtf.evaluation.regression import regression_metrics
from mmtf.evaluation.significance import (
    compare_absolute_errors,
    compare_accuracies,
    conclude,
)
from mmtf.features import MODALITIES

LATE_FUSION = "late_fusion"
REFERENCE = "attention"
# In the order of the table, with what each is called there.
TITLES = {
    **{modality: modality for modality in MODALITIES},
    "concat": "concat fusion",
    "gated": "gated fusion",
    REFERENCE: "attention fusion",
    "cnn_rnn": "cnn_rnn preset",
    LATE_FUSION: "late fusion",
}


def ablation_variants(config: Config, baseline: ModelConfig) -> dict[str, Config]:
    """The trainings that a config is compared by, all with its data and budget.

    Args:
        config: gives the modalities, and all but what a variant changes.
        baseline: the model of the `cnn_rnn` preset.

    Returns:
        A config by name: each modality alone, the three fusions, and `cnn_rnn`,
        which reads the same modalities.

    Raises:
        InputError: there is but one modality.
    """
    modalities = config.model.modalities
    if len(modalities) < 2:
        raise InputError(
            "An ablation must have two modalities or more to compare. Received: "
            f"modalities={modalities}."
        )
    audio = dataclasses.replace(
        baseline.audio, sample_rate_hz=config.model.audio.sample_rate_hz
    )
    models = {
        **{m: _alone(config.model, m) for m in modalities},
        **{
            fusion: dataclasses.replace(config.model, fusion=fusion)
            for fusion in ("concat", "gated", "attention")
        },
        "cnn_rnn": dataclasses.replace(baseline, modalities=modalities, audio=audio),
    }
    return {name: _with_model(config, model) for name, model in models.items()}


def _with_model(config, model):
    cache = config.data.cache_features and bool(model.freeze)
    data = dataclasses.replace(config.data, cache_features=cache)
    return dataclasses.replace(config, data=data, model=model)


def _alone(model, modality):
    frozen = tuple(name for name in model.freeze if name == modality)
    return dataclasses.replace(model, modalities=(modality,), freeze=frozen)


def late_fusion(
    singles: Mapping[str, np.ndarray], presence: np.ndarray, *, task: str
) -> np.ndarray:
    """The mean of what models of single modalities say, over those that a row has.

    Classes have the mean of their probabilities, numbers their mean. A row that has
    none of the modalities gets the mean of what the models say of nothing.

    Args:
        singles: the answers (N, C) by modality; logits divided by their model's
            temperature, or values.
        presence: (N, M) bool.
        task: `classification` or `regression`.

    Returns:
        Logits (the logarithms of the probabilities) or values, (N, C).

    Reference:
        Baltrusaitis, Ahuja and Morency 2019, Multimodal machine learning: a survey
        and taxonomy, section 6.1.
    """
    is_classification = task == "classification"
    answers = np.stack([np.asarray(x, "float64") for x in singles.values()], axis=1)
    if is_classification:
        answers = softmax(answers, axis=-1)
    has = presence[:, [MODALITIES.index(modality) for modality in singles]]
    has = np.where(has.any(axis=1, keepdims=True), has, True)
    mean = (answers * has[:, :, None]).sum(1) / has.sum(1, keepdims=True)
    # A probability too small for a float must not become minus infinity.
    tiny = np.finfo("float64").tiny
    return np.log(np.maximum(mean, tiny)) if is_classification else mean


def measure(labels: np.ndarray, answers: np.ndarray, *, task: str) -> dict:
    """The figures of one model's answers, as `late_fusion` takes them."""
    if task == "classification":
        return classification_metrics(labels, answers)
    return regression_metrics(labels, answers)


def compare_variants(
    labels: np.ndarray,
    answers: Mapping[str, np.ndarray],
    *,
    task: str,
    reference: str = REFERENCE,
) -> dict[str, dict]:
    """Measures models on the same rows, and one of them against each other one.

    Args:
        labels: (N,) class indices or values.
        answers: by name of the model, as `late_fusion` takes them.
        task: `classification` or `regression`.
        reference: the model that the others are compared with, if it is there.

    Returns:
        By name the figures, their `intervals`, and `comparison`: how much better the
        reference is, as `mmtf.evaluation.significance` has it; None for the
        reference itself, and for all when it is not there.
    """
    is_classification = task == "classification"
    resample = classification_intervals if is_classification else regression_intervals
    intervals = resample(labels, dict(answers))
    comparisons = {}
    if reference in answers and len(answers) > 1:
        comparisons = _compare(labels, answers, reference, is_classification)
    return {
        name: {
            **measure(labels, outputs, task=task),
            "intervals": intervals[name],
            "comparison": comparisons.get(TITLES[name]),
        }
        for name, outputs in answers.items()
    }


def _compare(labels, answers, reference, is_classification):
    if is_classification:
        compare, of_rows = compare_accuracies, _is_right
    else:
        compare, of_rows = compare_absolute_errors, _absolute_errors
    # Sentences name their rival by its title.
    rows = {TITLES[name]: of_rows(labels, x) for name, x in answers.items()}
    return conclude(compare(rows.pop(TITLES[reference]), rows))


def _is_right(labels, logits):
    return logits.argmax(axis=-1) == labels


def _absolute_errors(labels, values):
    return np.abs(values[:, 0].astype("float64") - labels)
