"""What a served model answers: the four signatures of an export.

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
from mmtf.config import Config
from mmtf.features import MODALITIES, input_specs
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
    details: keras.Model,
    preprocessor: Preprocessor,
    config: Config,
    *,
    on_bad_media: OnBadMedia = "absent",
) -> dict[str, Signature]:
    """The signatures, which share one copy of preprocessing and model.

    `serving_default` takes `text` (UTF-8), `image` and `audio` (files), each string
    (B,) with "" for absent, or left out when all rows lack it. It gives `classes`
    string (B, C) with `scores` float32 (B, C), which sum to 1, or for regression
    `value` float32 (B, 1); `modality_weights` float32 (B, M), and `presence` bool
    (B, M), what the row was scored on.

    `tensors` takes the batch of mmtf/features.py and gives the same but for
    `presence`. `examples` takes serialized tf.train.Example in `inputs`, with the
    features `text`, `image` and `audio`, for Classify (`classes` and `scores`) or
    Regress (`outputs`). `embed` takes what `serving_default` takes, and gives
    `embedding` float32 (B, D), the fused vector, and `presence`.

    Args:
        details: from a batch to its outputs, as `mmtf.model.detailed_model` gives it.
        preprocessor: from raw strings to that batch.
        config: the run's.
        on_bad_media: what becomes of media that cannot be decoded.
    """
    strings = [tf.TensorSpec([None], tf.string, name) for name in MODALITIES]
    batch_spec = _batch_spec(config.model)
    prepare = tf.function(
        partial(preprocessor.batch, on_bad_media=on_bad_media),
        input_signature=strings,
        autograph=False,
    )
    model = tf.function(
        partial(details, training=False), input_signature=[batch_spec], autograph=False
    )
    labels = config.labels
    classification = labels.task == "classification"
    answer = _scores(labels.class_names) if classification else _value
    # A default must be an eager tensor to travel in the SignatureDef.
    absent = tf.constant([""])

    def run(text, image, audio):
        batch = prepare(*align_rows(text, image, audio))
        return model(batch), batch["presence"]

    def serving_default(text=absent, image=absent, audio=absent):
        outputs, presence = run(text, image, audio)
        return {**answer(outputs), **_weights(outputs), "presence": presence}

    def tensors(batch):
        outputs = model(require_batch(batch, config.model))
        return {**answer(outputs), **_weights(outputs)}

    def examples(inputs):
        rows = schema.parse(tf.ensure_shape(inputs, [None]))
        outputs, _ = run(*(rows[modality] for modality in MODALITIES))
        answers = answer(outputs)
        return answers if classification else {"outputs": answers["value"]}

    def embed(text=absent, image=absent, audio=absent):
        outputs, presence = run(text, image, audio)
        return {
            "embedding": tf.cast(outputs["embedding"], tf.float32),
            "presence": presence,
        }

    method = "tensorflow/serving/" + ("classify" if classification else "regress")
    serialized = [tf.TensorSpec([None], tf.string, "inputs")]
    return {
        "serving_default": Signature(serving_default, strings),
        "tensors": Signature(tensors, [batch_spec]),
        "examples": Signature(examples, serialized, method),
        "embed": Signature(embed, strings),
    }


def _batch_spec(config):
    return {
        key: tf.TensorSpec([None, *shape], dtype, key)
        for key, (shape, dtype) in input_specs(config).items()
    }


def _weights(outputs):
    return {"modality_weights": tf.cast(outputs["modality_weights"], tf.float32)}


def _scores(class_names):
    names = tf.constant([class_names])  # (1, C)

    def answer(outputs):
        logits = tf.cast(outputs["logits"], tf.float32)
        classes = tf.repeat(names, tf.shape(logits)[0], axis=0)
        return {"classes": classes, "scores": tf.nn.softmax(logits)}

    return answer


def _value(outputs):
    return {"value": tf.cast(outputs["logits"], tf.float32)}
