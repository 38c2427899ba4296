import os

import numpy as np
import pytest

from export.protocol import PredictionLog
from export.protocol.records import read_records
from export.protocol.tensors import to_array
from export.serve.models import Models
from export.serve.servable import Servable
from export.serve.service import Service
from export.serve.warmup import replay
from export.versions import WARMUP_REQUESTS
from export.warmup import require_batch_sizes, warmup_logs, warmup_row
from mmtf import presets
from mmtf.config import Labels
from mmtf.errors import InputError
from mmtf.features import input_specs


def config(**labels):
    from dataclasses import replace

    return replace(presets.tiny(), labels=Labels(**labels))


CLASSES = config(class_names=("no", "yes"))


def test_there_is_a_record_for_each_signature_and_size():
    logs = list(warmup_logs(CLASSES, [1, 3], model_name="reviews"))

    found = [(log.WhichOneof("log_type"), signature_of(log)) for log in logs]
    one_size = [
        ("predict_log", "serving_default"), ("predict_log", "embed"),
        ("predict_log", "tensors"), ("classify_log", "examples"),
    ]  # fmt: skip
    # Which makes the kernels; other sizes have no others.
    assert found == [*one_size, *one_size, ("predict_log", "explain")]
    assert to_array(logs[-1].predict_log.request.inputs["text"]).shape == (1,)


def signature_of(log):
    spec = getattr(log, log.WhichOneof("log_type")).request.model_spec
    assert spec.name == "reviews"
    return spec.signature_name


def test_a_regression_is_warmed_up_by_regress():
    *_, last, _ = warmup_logs(config(task="regression"), [2], model_name="reviews")
    examples = last.regress_log.request.input.example_list_with_context
    assert len(examples.examples) == 2
    assert set(examples.context.features.feature) == {"id", "text", "image", "audio"}


def test_tensors_have_the_shapes_of_a_batch():
    log = list(warmup_logs(CLASSES, [5], model_name="reviews"))[2].predict_log
    for key, (shape, dtype) in input_specs(CLASSES.model).items():
        array = to_array(log.request.inputs[key])
        assert (array.shape, array.dtype.name) == ((5, *shape), dtype)
    assert to_array(log.request.inputs["waveform_length"]).tolist() == [8000] * 5


def test_rows_are_alike_and_written_once():
    one, many = (
        next(warmup_logs(CLASSES, [size], model_name="reviews")) for size in (1, 32)
    )
    assert many.ByteSize() < one.ByteSize() + 100
    images = to_array(many.predict_log.request.inputs["image"])
    assert images.tolist() == [warmup_row(CLASSES.model)["image"]] * 32


def test_media_have_a_real_size():
    row = warmup_row(presets.base().model)
    assert 20_000 < len(row["image"]) < 200_000
    assert len(row["audio"]) == 44 + 4 * 16000 * 2
    assert len(row["text"]) > 300


def test_a_server_can_replay_the_records_of_an_export(published_model, session):
    folder = os.path.join(published_model, "1")
    servable = Servable("reviews", 1, session)

    answered = []

    class Counting(Service):
        def predict(self, request, **options):
            response = super().predict(request, **options)
            answered.append(to_array(next(iter(response.outputs.values()))).shape[0])
            return response

    replay(folder, servable, Counting(Models([servable])))
    assert answered == [1, 1, 1, 4, 4, 4, 1]


def test_the_records_of_an_export_stay_few(published_model):
    path = os.path.join(published_model, "1", WARMUP_REQUESTS)
    logs = [PredictionLog.FromString(record) for record in read_records(path)]
    assert len(logs) == 4 * 2 + 1
    assert sum(log.ByteSize() for log in logs) < 5e6


def test_batch_sizes_are_sorted_and_each_is_one():
    assert require_batch_sizes([4, 1, 4]) == (1, 4)


@pytest.mark.parametrize(
    ("sizes", "text"), [([], "none"), ([2, 0], "0, 2"), (range(1, 300), "1, 2, 3")]
)
def test_batch_sizes_that_cannot_be(sizes, text):
    message = rf"`batch_sizes` must be 1 to 249 numbers of at least 1. Received: {text}"
    with pytest.raises(InputError, match=message):
        require_batch_sizes(sizes)


def test_tokens_are_in_every_vocabulary():
    log = list(warmup_logs(CLASSES, [1], model_name="reviews"))[2].predict_log
    assert np.unique(to_array(log.request.inputs["token_ids"])).tolist() == [1]
