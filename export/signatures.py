"""What a served model answers: the signatures of an export.

`serving_default` takes `text` (UTF-8), `image` and `audio` (files), each string (B,)
with "" for absent, or left out when all rows lack it. It gives `classes` string (B, C)
with `scores` float32 (B, C), which sum to 1, or for regression `value` float32 (B, 1);
`modality_weights` float32 (B, M), and `presence` bool (B, M), what the row was scored
on.

`explain` takes and gives the same, and `base_scores` float32 (B, C), the scores with
nothing seen, with `contributions` float32 (B, M, C), what each modality adds: over M
they add up to `scores` less `base_scores`. For regression they are `base_value` (B, 1)
and `contributions` (B, M, 1).

`tensors` takes the batch of mmtf/features.py and gives what `serving_default` gives but
for `presence`. `examples` takes serialized tf.train.Example in `inputs`, with the
features `text`, `image` and `audio`, for Classify (`classes` and `scores`) or Regress
(`outputs`). `embed` takes what `serving_default` takes, and gives `embedding` float32
(B, D), the fused vector, and `presence`.

Every output has the rows first, as batching and REST in TensorFlow Serving need it.
Legend: B rows, C classes, D width of the fused vector, M modalities.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import keras
import tensorflow as tf

from export.encoding import encode_present
from export.guards import align_rows, require_batch
from mmtf.config import Config
from mmtf.explain.modalities import explain_modalities
from mmtf.explain.outputs import score_function
from mmtf.features import MODALITIES, input_specs, subset_mask
from mmtf.model import classifier
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
    answers = _Answers(model, config, temperature)

    def tensors(batch):
        return answers.tensors(require_batch(batch, config.model))

    def examples(inputs):
        rows = schema.parse(tf.ensure_shape(inputs, [None]))
        raw = align_rows(*(rows[modality] for modality in MODALITIES))
        return answers.examples(prepare(*raw))

    def of_raw(answer):
        return Signature(_with_defaults(prepare, answer), strings)

    method = {"classification": "classify", "regression": "regress"}[config.labels.task]
    serialized = [tf.TensorSpec([None], tf.string, "inputs")]
    return {
        "serving_default": of_raw(answers.serving_default),
        "explain": of_raw(answers.explain),
        "tensors": Signature(tensors, [_batch_spec(config.model)]),
        "examples": Signature(examples, serialized, f"tensorflow/serving/{method}"),
        "embed": of_raw(answers.embed),
    }


def _with_defaults(prepare, answer):
    """What answers raw inputs, of which each may be left out."""
    # A default must be an eager tensor to travel in the SignatureDef.
    absent = tf.constant([""])

    def function(text=absent, image=absent, audio=absent):
        return answer(prepare(*align_rows(text, image, audio)))

    return function


class _Answers:
    """What each signature answers to a batch."""

    def __init__(self, model, config, temperature):
        self._config = config
        self._encode, self._classify = _encode_and_classify(model, config)
        self._score = score_function(config.labels, temperature)

    def serving_default(self, batch):
        return {**self.tensors(batch), "presence": self._seen(batch)}

    def explain(self, batch):
        seen = self._seen(batch)
        features = self._encode(batch)
        outputs = explain_modalities(self._classify, features, seen, score=self._score)
        return {**_explanation(self._config.labels, outputs), "presence": seen}

    def tensors(self, batch):
        outputs = self._run(batch)
        weights = tf.cast(outputs["modality_weights"], tf.float32)
        return {**self._scored(outputs), "modality_weights": weights}

    def examples(self, batch):
        answers = self._scored(self._run(batch))
        return {"outputs": answers["value"]} if "value" in answers else answers

    def embed(self, batch):
        embedding = tf.cast(self._run(batch)["embedding"], tf.float32)
        return {"embedding": embedding, "presence": self._seen(batch)}

    def _run(self, batch):
        return self._classify({**self._encode(batch), "presence": batch["presence"]})

    def _scored(self, outputs):
        scores = self._score(tf.cast(outputs["logits"], tf.float32))
        return _named(self._config.labels, scores)

    def _seen(self, batch):
        return batch["presence"] & subset_mask(self._config.model.modalities)


def _encode_and_classify(model, config):
    """The two halves of a model, each traced once for all signatures."""
    head = classifier(model)
    head_spec = {
        key: tf.TensorSpec(tensor.shape, tensor.dtype, key)
        for key, tensor in head.input.items()
    }

    def function(call, spec):
        return tf.function(call, input_signature=[spec], autograph=False)

    return (
        function(encode_present(model), _batch_spec(config.model)),
        function(partial(head, training=False), head_spec),
    )


def _batch_spec(config):
    return {
        key: tf.TensorSpec([None, *shape], dtype, key)
        for key, (shape, dtype) in input_specs(config).items()
    }


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
