"""Requests that a server answers before it lets traffic to a new version.

The first request of a kind is slow: kernels are made and memory is found. Servers
replay `assets.extra/tf_serving_warmup_requests` when they load a version, so that
nobody waits for that; and a version that cannot answer them does not load.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from export import golden_media as media
from export.protocol import PredictionLog
from export.protocol.tensors import to_proto
from export.versions import MAX_WARMUP_RECORDS
from mmtf.config import Config, ModelConfig
from mmtf.errors import InputError
from mmtf.features import AUDIO, IMAGE, MODALITIES, TEXT, input_specs
from pipelines import schema

BATCH_SIZES = (1, 2, 4, 8, 16, 32)

_SIGNATURES = 4
"""Those warmed up for every size."""
_MAX_SIZES = (MAX_WARMUP_RECORDS - 1) // _SIGNATURES


def require_batch_sizes(batch_sizes: Iterable[int]) -> tuple[int, ...]:
    """Sorts batch sizes, each once.

    Raises:
        InputError: there is none, one is less than 1, or they are too many.
    """
    sizes = tuple(sorted(set(batch_sizes)))
    if not sizes or sizes[0] < 1 or len(sizes) > _MAX_SIZES:
        raise InputError(
            f"`batch_sizes` must be 1 to {_MAX_SIZES} numbers of at least 1. "
            f"Received: {', '.join(map(str, sizes)) or 'none'}."
        )
    return sizes


def warmup_logs(
    config: Config, batch_sizes: Iterable[int], *, model_name: str
) -> Iterator:
    """Makes a PredictionLog for each signature and batch size.

    Rows are alike and written once: the protocol fills a tensor with its last value.
    `explain` has one for the least size alone: what a first request waits for is
    that its kernels are made, which happens once for all sizes.

    Args:
        config: the run's.
        batch_sizes: numbers of rows.
        model_name: what the requests call the model.
    """
    row, batch_sizes = warmup_row(config.model), tuple(batch_sizes)
    for size in batch_sizes:
        for signature in ("serving_default", "embed"):
            yield _predict(model_name, signature, _raw(row, size))
        yield _predict(model_name, "tensors", _batch(config.model, size))
        yield _examples(model_name, config, row, size)
    yield _predict(model_name, "explain", _raw(row, min(batch_sizes)))


def warmup_row(config: ModelConfig) -> dict[str, bytes]:
    """Media of a common size, each as long as the model takes it."""
    rate_hz = config.audio.sample_rate_hz
    words = media.TEXT * (1 + config.text.sequence_length // 16)
    return {
        TEXT: words.encode(),
        IMAGE: media.jpeg(media.photograph()),
        AUDIO: media.wav_16_bit(media.chirp(rate_hz, config.audio.seconds), rate_hz),
    }


def _raw(row, size):
    return {key: _filled(np.array([row[key]], object), [size]) for key in MODALITIES}


def _predict(model_name, signature, inputs):
    log = PredictionLog()
    request = log.predict_log.request
    request.model_spec.name = model_name
    request.model_spec.signature_name = signature
    for name, proto in inputs.items():
        request.inputs[name].CopyFrom(proto)
    return log


def _examples(model_name, config, row, size):
    log = PredictionLog()
    classification = config.labels.task == "classification"
    request = (log.classify_log if classification else log.regress_log).request
    request.model_spec.name = model_name
    request.model_spec.signature_name = "examples"
    examples = request.input.example_list_with_context
    # What stands in the context counts for every example.
    examples.context.ParseFromString(schema.serialize(row))
    for _ in range(size):
        examples.examples.add()
    return log


def _batch(config, size):
    """The batch of mmtf/features.py, with every token, sample and modality."""
    values = {
        "image": 127.5,
        "waveform": 0.1,
        "waveform_length": config.audio.num_samples,
    }
    return {
        key: _filled(np.array([values.get(key, 1)], dtype), [size, *shape])
        for key, (shape, dtype) in input_specs(config).items()
    }


def _filled(value, shape):
    """A tensor of one value, which takes as many bytes as the value."""
    proto = to_proto(value)
    proto.tensor_shape.ClearField("dim")
    for size in shape:
        proto.tensor_shape.dim.add(size=size)
    return proto
