"""What a served model answers: the signatures of an export.

The functions here become signatures of a SavedModel. Every output has the rows
first, as batching and REST in TensorFlow Serving need it. Legend: B rows, C classes,
D width of the fused vector, M modalities.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import keras
import tensorflow as tf

from export.guards import align_rows, require_batch
from mmtf.config import Config, Labels
from mmtf.explain.modalities import explain_modalities
from mmtf.explain.outputs import score_function
from mmtf.features import MODALITIES, input_specs, subset_mask
from mmtf.model import classifier, feature_model
from pipelines import schema
from pipelines.preprocess import OnBadMedia, Preprocessor


@dataclass(frozen=True)
class Signature:
    """One signature.

    Attributes:
        function: from tensors to a dict of tensors.
        inputs: the `TensorSpec` of each argument.
        method_name: what servers that check it ask for.
    """

    function: Callable[..., dict[str, tf.Tensor]]
    inputs: list
    method_name: str = "tensorflow/serving/predict"


def make_signatures(
    model: keras.Model,
    preprocessor: Preprocessor,
    config: Config,
    *,
    temperature: float = 1.0,
    on_bad_media: OnBadMedia = "absent",
) -> dict[str, Signature]:
    """The signatures, which share one copy of preprocessing, encoders and fusion.

    `serving_default` takes `text` (UTF-8), `image` and `audio` (files), each string
    (B,) with "" for absent, or left out when all rows lack it. It gives `classes`
    string (B, C) with `scores` float32 (B, C), which sum to 1, or for regression
    `value` float32 (B, 1); `modality_weights` float32 (B, M), and `presence` bool
    (B, M), what the row was scored on.

    `explain` takes and gives the same, and `base_scores` float32 (B, C), the scores
    with nothing seen, with `contributions` float32 (B, M, C), what each modality
    adds: over M they add up to `scores` less `base_scores`. For regression they are
    `base_value` (B, 1) and `contributions` (B, M, 1).

    `tensors` takes the batch of mmtf/features.py and gives what `serving_default`
    gives but for `presence`. `examples` takes serialized tf.train.Example in
    `inputs`, with the features `text`, `image` and `audio`, for Classify (`classes`
    and `scores`) or Regress (`outputs`). `embed` takes what `serving_default` takes,
    and gives `embedding` float32 (B, D), the fused vector, and `presence`.

    Args:
        model: the trained one, as `mmtf.build_model` makes it.
        preprocessor: from raw strings to its batch.
        config: the run's.
        temperature: what logits are divided by before they become scores.
        on_bad_media: what becomes of media that cannot be decoded.
    """
    strings = [tf.TensorSpec([None], tf.string, name) for name in MODALITIES]
    prepare = tf.function(
        partial(preprocessor.batch, on_bad_media=on_bad_media),
        input_signature=strings,
        autograph=False,
    )
    encode, classify = _encode_and_classify(model, config)
    labels = config.labels
    answer = _answer(labels, temperature)
    score = score_function(labels, temperature)
    # A default must be an eager tensor to travel in the SignatureDef.
    absent = tf.constant([""])

    def run(batch):
        return classify({**encode(batch), "presence": batch["presence"]})

    def seen(batch):
        return batch["presence"] & subset_mask(config.model.modalities)

    def serving_default(text=absent, image=absent, audio=absent):
        batch = prepare(*align_rows(text, image, audio))
        outputs = run(batch)
        return {**answer(outputs), **_weights(outputs), "presence": seen(batch)}

    def explain(text=absent, image=absent, audio=absent):
        batch = prepare(*align_rows(text, image, audio))
        presence = seen(batch)
        outputs = explain_modalities(classify, encode(batch), presence, score=score)
        return {**_explanation(labels, outputs), "presence": presence}

    def tensors(batch):
        outputs = run(require_batch(batch, config.model))
        return {**answer(outputs), **_weights(outputs)}

    def examples(inputs):
        rows = schema.parse(tf.ensure_shape(inputs, [None]))
        batch = prepare(*align_rows(*(rows[modality] for modality in MODALITIES)))
        answers = answer(run(batch))
        return {"outputs": answers["value"]} if "value" in answers else answers

    def embed(text=absent, image=absent, audio=absent):
        batch = prepare(*align_rows(text, image, audio))
        embedding = tf.cast(run(batch)["embedding"], tf.float32)
        return {"embedding": embedding, "presence": seen(batch)}

    method = {"classification": "classify", "regression": "regress"}[labels.task]
    serialized = [tf.TensorSpec([None], tf.string, "inputs")]
    return {
        "serving_default": Signature(serving_default, strings),
        "explain": Signature(explain, strings),
        "tensors": Signature(tensors, [_batch_spec(config.model)]),
        "examples": Signature(examples, serialized, f"tensorflow/serving/{method}"),
        "embed": Signature(embed, strings),
    }


def _encode_and_classify(model, config):
    """The two halves of a model, each traced once for all signatures."""
    encoders, head = feature_model(model), classifier(model)
    presence = tf.TensorSpec([None, len(MODALITIES)], tf.bool, "presence")
    features = {
        key: tf.TensorSpec(output.shape, output.dtype, key)
        for key, output in encoders.output.items()
    }

    def function(part, spec):
        call = partial(part, training=False)
        return tf.function(call, input_signature=[spec], autograph=False)

    return (
        function(encoders, _batch_spec(config.model)),
        function(head, {**features, "presence": presence}),
    )


def _batch_spec(config):
    return {
        key: tf.TensorSpec([None, *shape], dtype, key)
        for key, (shape, dtype) in input_specs(config).items()
    }


def _weights(outputs):
    return {"modality_weights": tf.cast(outputs["modality_weights"], tf.float32)}


def _answer(labels: Labels, temperature: float) -> Callable:
    """From the model's outputs to what callers are told of them."""
    score = score_function(labels, temperature)

    def answer(outputs):
        scores = score(tf.cast(outputs["logits"], tf.float32))
        return _named(labels, scores)

    return answer


def _named(labels, scores):
    if labels.task == "regression":
        return {"value": scores}
    names = tf.constant([labels.class_names])  # (1, C)
    return {"classes": tf.repeat(names, tf.shape(scores)[0], axis=0), "scores": scores}


def _explanation(labels, outputs):
    base = "base_value" if labels.task == "regression" else "base_scores"
    return {
        **_named(labels, outputs["scores"]),
        base: outputs["base_scores"],
        "contributions": outputs["contributions"],
        "modality_weights": outputs["modality_weights"],
    }
