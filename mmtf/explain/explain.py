"""From a run and one row to an explanation."""

from collections.abc import Mapping
from functools import partial

import numpy as np
from keras import ops

from mmtf.config import Labels
from mmtf.errors import InputError
from mmtf.explain.attributions import attribute
from mmtf.explain.explanation import Explanation
from mmtf.explain.modalities import explain_modalities
from mmtf.explain.outputs import output_function, score_function
from mmtf.explain.paths import word_mask
from mmtf.features import MODALITIES, subset_mask
from mmtf.model import classifier, feature_model
from mmtf.run import Run


def explain(
    run: Run, batch: Mapping, tokenizer, *, class_name: str | None = None
) -> Explanation:
    """Explains the answer to one row.

    Contributions of the modalities are exact Shapley values of the calibrated
    scores. Attributions of tokens, pixels and samples are integrated gradients, each
    modality by itself with all else as it is in the row; they explain the log-odds
    of one class, or the value of a regression.

    Args:
        run: what `mmtf.run.open_run` gives; anything with its `model`, `config` and
            `temperature` will do.
        batch: one row, as `pipelines.Preprocessor.batch` makes it.
        tokenizer: the run's own, from `pipelines.load_tokenizer`.
        class_name: the class to explain; the one with the best score if None.

    Raises:
        InputError: the batch has not one row, or the model no such class.
    """
    row = {key: ops.convert_to_tensor(value) for key, value in batch.items()}
    _require_one_row(row)
    model, labels = run.model, run.config.labels
    features = feature_model(model)(row, training=False)
    # What the model has no encoder for is absent from every row.
    presence = np.asarray(row["presence"]) & subset_mask(run.config.model.modalities)
    answer = explain_modalities(
        partial(classifier(model), training=False),
        features,
        presence,
        score=score_function(labels, run.temperature),
    )
    answer = {key: ops.convert_to_numpy(value)[0] for key, value in answer.items()}
    explained = _explained(labels, answer["scores"], class_name)
    output = output_function(labels, run.temperature, explained)
    attributions = {
        modality: attribute(
            model, features, row, modality, tokenizer=tokenizer, output=output
        )
        for modality in np.array(MODALITIES)[presence[0]].tolist()
    }
    return Explanation(
        labels=labels,
        explained=explained,
        presence=presence[0],
        sample_rate_hz=run.config.model.audio.sample_rate_hz,
        attributions=attributions,
        **answer,
        **_content(row, tokenizer),
    )


def _require_one_row(row):
    num_rows = len(row["presence"])
    if num_rows != 1:
        raise InputError(f"`batch` must hold one row. Received: {num_rows}.")


def _explained(labels: Labels, scores: np.ndarray, class_name: str | None) -> int:
    if labels.task == "regression":
        if class_name is not None:
            raise InputError(
                "A class can be explained only where there are classes. Received: "
                f"{class_name!r} for a regression."
            )
        return 0
    if class_name is None:
        return int(scores.argmax())
    if class_name not in labels.class_names:
        raise InputError(
            f"A class to explain must be one of {', '.join(labels.class_names)}. "
            f"Received: {class_name!r}."
        )
    return labels.class_names.index(class_name)


def _content(row, tokenizer):
    token_ids = np.asarray(row["token_ids"])[0]
    words = token_ids[word_mask(token_ids, tokenizer)]
    length = int(row["waveform_length"][0])
    return {
        "tokens": tuple(tokenizer.id_to_token(int(token)) for token in words),
        "image": np.asarray(row["image"])[0],
        "waveform": np.asarray(row["waveform"])[0][:length],
    }
