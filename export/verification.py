"""Proof before publication: the written model answers as the trained one does."""

import keras
import numpy as np
import tensorflow as tf

from export.golden import golden_rows
from export.session import SavedModelSession
from mmtf.config import Config, Labels
from pipelines.preprocess import Preprocessor

TOLERANCE = 1e-4
SERVER_TEXT_OPS = {
    "CaseFoldUTF8",
    "FastBertNormalize",
    "FastWordpieceTokenizeWithOffsets",
    "NormalizeUTF8",
    "RegexSplitWithOffsets",
}
"""What servers of 2.14 to 2.20 link from tensorflow-text, of what BERT's tokenizer
may use (tensorflow/text, tensorflow_text/BUILD, ops_lib)."""


class VerificationError(RuntimeError):
    """A written SavedModel that must not be published."""


def verify(
    folder: str, *, details: keras.Model, preprocessor: Preprocessor, config: Config
) -> None:
    """Compares a SavedModel, loaded as a server does, with the live model.

    Args:
        folder: the SavedModel.
        details: the model that it was made from, as `detailed_model` gives it.
        preprocessor: what stands before that model.
        config: the run's.

    Raises:
        VerificationError: a row's answer differs, or the graph needs XLA,
            which servers leave disabled, or an op that they do not have.
        tf.errors.OpError: the SavedModel does not load or run.
    """
    names, inputs = golden_rows(sample_rate_hz=config.model.audio.sample_rate_hz)
    session = SavedModelSession(folder)
    try:
        require_no_xla(session.graph_def)
        require_server_ops(session.graph_def)
        served = session.run("serving_default", inputs)
    finally:
        session.close()
    # A GPU rounds otherwise; the session runs on the CPU.
    with tf.device("/CPU:0"):
        tensors = {key: tf.constant(value) for key, value in inputs.items()}
        outputs = details(preprocessor.batch(**tensors), training=False)
    compare(names, served, live_answers(outputs, config.labels))


def live_answers(
    outputs: dict[str, tf.Tensor], labels: Labels
) -> dict[str, np.ndarray]:
    """What `serving_default` must answer, from the model's own outputs."""
    logits = np.asarray(outputs["logits"], np.float32)
    answers = {"modality_weights": np.asarray(outputs["modality_weights"], np.float32)}
    if labels.task == "regression":
        return {**answers, "value": logits}
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    scores = exponentials / exponentials.sum(axis=1, keepdims=True)
    names = [name.encode() for name in labels.class_names]
    classes = np.array([names] * len(logits), object)
    return {**answers, "classes": classes, "scores": scores}


def compare(
    names: list[str], served: dict[str, np.ndarray], live: dict[str, np.ndarray]
) -> None:
    """Requires equal strings, and numbers within `TOLERANCE`.

    The tolerance is absolute up to 1, which no score exceeds, and relative to
    what is expected above that.

    Args:
        names: what each row is called in messages.
        served: arrays by output, rows first.
        live: the same as they should be.

    Raises:
        VerificationError: naming the first row and output that differ.
    """
    for output, expected in live.items():
        received = served[output]
        if received.shape != expected.shape:
            raise VerificationError(
                f"The served {output!r} must have the shape {expected.shape}. "
                f"Received: {received.shape}."
            )
        for row, name in enumerate(names):
            _compare_row(f"{output!r} of row {name!r}", received[row], expected[row])


def _compare_row(where, received, expected):
    if expected.dtype == object:
        if list(received) != list(expected):
            raise VerificationError(
                f"The served {where} must equal the model's, {list(expected)}. "
                f"Received: {list(received)}."
            )
        return
    difference = np.abs(received - expected).max() / max(1.0, np.abs(expected).max())
    # Written so that a NaN fails too.
    if not difference <= TOLERANCE:
        raise VerificationError(
            f"The served {where} must equal the model's within {TOLERANCE}. "
            f"Received: a difference of {difference:.3g}."
        )


def require_no_xla(graph_def: tf.compat.v1.GraphDef) -> None:
    """Refuses nodes that only run compiled, which servers are not set up for.

    Raises:
        VerificationError: naming the node.
    """
    graphs = {"the graph": graph_def.node}
    for function in graph_def.library.function:
        graphs[function.signature.name] = function.node_def
        if _is_compiled(function.attr):
            raise _needs_xla(f"the function {function.signature.name!r}")
    for name, nodes in graphs.items():
        for node in nodes:
            if _is_compiled(node.attr) or node.op.startswith("Xla"):
                raise _needs_xla(f"the node {node.name!r} ({node.op}) in {name}")


def require_server_ops(graph_def: tf.compat.v1.GraphDef) -> None:
    """Refuses ops that stock servers do not link, and calls into Python.

    Raises:
        VerificationError: naming the ops.
    """
    functions = graph_def.library.function
    known = {function.signature.name for function in functions} | SERVER_TEXT_OPS
    nodes = [*graph_def.node, *(n for f in functions for n in f.node_def)]
    strange = {
        node.op
        for node in nodes
        if "PyFunc" in node.op
        or (node.op not in known and not hasattr(tf.raw_ops, node.op))
    }
    if strange:
        raise VerificationError(
            "A served model must hold only ops that TensorFlow Serving has. "
            f"Received: {', '.join(sorted(strange))}."
        )


def _is_compiled(attributes):
    return "_XlaMustCompile" in attributes and attributes["_XlaMustCompile"].b


def _needs_xla(what):
    return VerificationError(
        "A served model must not need XLA, which servers leave disabled. "
        f"Received: {what}. Leave out jit_compile=True."
    )
