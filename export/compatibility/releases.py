"""What the stock tensorflow_model_server of each release has.

It links all of core TensorFlow, the C++ ops of tensorflow-text and the inference ops
of TensorFlow Decision Forests. The first are measured, in core_ops.json (see
measure.py). The others are read from the targets `ops_lib` in tensorflow/text's
tensorflow_text/BUILD, and from TensorFlow Decision Forests 1.3.0, at the versions that
tensorflow/serving's workspace.bzl pins on each release branch: servers up to 2.19 pin
tensorflow-text 2.12.1, those from 2.20 on pin 2.20.0.
"""

import functools
import importlib.resources
import json
from collections.abc import Iterable
from dataclasses import dataclass

from mmtf.errors import InputError

SERVER_RELEASES = ("2.14", "2.15", "2.16", "2.17", "2.18", "2.19", "2.20")
"""Those that a check goes through when none is named."""

FOREST_OPS = frozenset(
    f"SimpleML{name}"
    for name in (
        "CreateModelResource", "InferenceLeafIndexOpWithHandle", "InferenceOp",
        "InferenceOpWithHandle", "LoadModelFromPath", "LoadModelFromPathWithHandle",
    )
)  # fmt: skip

_TEXT_OPS_2_12 = {
    "boise_offset_converter": [
        "TFText>OffsetsToBoiseTags", "TFText>BoiseTagsToOffsets",
    ],
    "byte_splitter": ["TFText>ByteSplitWithOffsets", "TFText>ByteSplitByOffsets"],
    "constrained_sequence_op": ["ConstrainedSequence"],
    "fast_bert_normalizer": ["FastBertNormalize"],
    "fast_sentencepiece_tokenizer": [
        "TFText>FastSentencepieceTokenize", "TFText>FastSentencepieceDetokenize",
    ],
    "fast_wordpiece_tokenizer": [
        "FastWordpieceTokenizeWithOffsets", "TFText>FastWordpieceDetokenize",
    ],
    "mst_ops": ["MaxSpanningTree"],
    "ngrams_op": ["TFText>NgramsStringJoin"],
    "normalize_ops": [
        "CaseFoldUTF8", "NormalizeUTF8", "NormalizeUTF8WithOffsetsMap",
        "FindSourceOffsets",
    ],
    "phrase_tokenizer": ["PhraseTokenize", "TFText>PhraseDetokenize"],
    "regex_split_ops": ["RegexSplitWithOffsets"],
    "sentence_breaking_ops": ["SentenceFragments"],
    "sentencepiece_tokenizer": [
        "SentencepieceOp", "SentencepieceTokenizeOp",
        "SentencepieceTokenizeWithOffsetsOp", "SentencepieceDetokenizeOp",
        "SentencepieceVocabSizeOp", "SentencepieceIdToStringOp",
        "SentencepieceStringToIdOp",
    ],
    "split_merge_from_logits_tokenizer": ["TokenizerFromLogits"],
    "split_merge_tokenizer": ["SplitMergeTokenizeWithOffsets"],
    "state_based_sentence_breaker_op": ["SentenceFragmentsV2"],
    "text_similarity_metric_ops": ["RougeL"],
    "unicode_script_tokenizer": ["UnicodeScriptTokenizeWithOffsets"],
    "whitespace_tokenizer": ["WhitespaceTokenizeWithOffsets"],
    "whitespace_tokenizer_v2": ["TFText>WhitespaceTokenizeWithOffsetsV2"],
    "wordpiece_tokenizer": ["WordpieceTokenizeWithOffsets"],
}  # fmt: skip
_TEXT_OPS_2_20 = _TEXT_OPS_2_12 | {
    "trimmer_ops": ["TFText>RoundRobinTrim", "TFText>RoundRobinGenerateMasks"],
    "utf8_binarize_op": ["TFText>Utf8Binarize"],
}


@dataclass(frozen=True)
class Release:
    """One release of the server.

    Attributes:
        name: such as `2.19`.
        text_libraries: the op libraries of tensorflow-text that it links, by the
            names that its wheel gives them.
        ops: every op that it has.
        unknown_attributes: by op, attributes that came with later releases.
        unknown_types: by `op.attribute`, types that only later releases run on a
            CPU, such as `DT_HALF`.
    """

    name: str
    text_libraries: tuple[str, ...]
    ops: frozenset[str]
    unknown_attributes: dict[str, set[str]]
    unknown_types: dict[str, set[str]]


def find_releases(names: Iterable[str]) -> list[Release]:
    """The releases of these names, the oldest first.

    Raises:
        InputError: there is no name, or nobody has measured such a release.
    """
    known = measured_releases()
    names = set(names)
    if not names:
        raise InputError(
            f"A server release must be named, such as {known[-1]}. Received: none."
        )
    for name in sorted(names - set(known)):
        raise InputError(
            f"A server release must be one of {', '.join(known)}. Received: {name!r}."
        )
    return [_release(name) for name in known if name in names]


def measured_releases() -> list[str]:
    """The names of all releases in the table, the oldest first."""
    return [".".join(name.split(".")[:2]) for name in core_ops()["measured"]]


@functools.cache
def core_ops() -> dict:
    """The table of core TensorFlow's ops; see `tabulate`."""
    table = importlib.resources.files(__package__).joinpath("core_ops.json")
    return json.loads(table.read_text(encoding="utf-8"))


def _release(name):
    table, known = core_ops(), measured_releases()
    newer = known[known.index(name) + 1 :]
    not_newer = [release for release in known if release not in newer]
    ops = set(table["ops"])
    attributes, types = {}, {}
    for release in newer:
        added = table["added"][release]
        ops.difference_update(added["ops"])
        for op, names in added["attributes"].items():
            attributes.setdefault(op, set()).update(names)
        for place, names in added["types"].items():
            types.setdefault(place, set()).update(names)
    for release in not_newer[1:]:
        ops.difference_update(table["removed"][release])
    text_ops = _TEXT_OPS_2_20 if "2.20" in not_newer else _TEXT_OPS_2_12
    ops.update(FOREST_OPS, *text_ops.values())
    return Release(name, tuple(text_ops), frozenset(ops), attributes, types)
