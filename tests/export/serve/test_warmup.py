import struct

import google_crc32c
import numpy as np
import pytest

from export.protocol import PredictionLog
from export.protocol.tensors import to_proto
from export.runtime import Code, SavedModelSession, StatusError
from export.serve.models import Models
from export.serve.servable import Servable
from export.serve.service import Service
from export.serve.warmup import replay
from export.versions import MAX_WARMUP_RECORDS
from tests.export.serve.conftest import FakeSession


class Recorder:
    """A Service that answers nothing and remembers what it was asked."""

    def __init__(self, error=None):
        self.asked = []
        self._error = error

    def __getattr__(self, call):
        def answer(request):
            self.asked.append((call, type(request)(**_fields(request))))
            if self._error:
                raise self._error

        return answer


def _fields(message):
    return {field.name: value for field, value in message.ListFields()}


def masked_crc(data):
    crc = google_crc32c.value(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def tfrecord(data):
    length = struct.pack("<Q", len(data))
    return length + masked_crc(length) + data + masked_crc(data)


def write(folder, *records):
    """Writes the warm-up file of a version; a record is a message or bytes."""
    (folder / "assets.extra").mkdir()
    data = [r if isinstance(r, bytes) else r.SerializeToString() for r in records]
    path = folder / "assets.extra" / "tf_serving_warmup_requests"
    path.write_bytes(b"".join(map(tfrecord, data)))
    return path


def predict_log(**spec):
    log = PredictionLog()
    log.predict_log.request.model_spec.SetInParent()
    for key, value in spec.items():
        setattr(log.predict_log.request.model_spec, key, value)
    return log


def ask(folder, service, **options):
    replay(str(folder), Servable("m", 7, FakeSession()), service, **options)


def test_a_version_without_records_is_not_asked(tmp_path):
    service = Recorder()

    ask(tmp_path, service)

    assert service.asked == []


def test_each_record_goes_to_its_call(tmp_path):
    logs = [PredictionLog() for _ in range(4)]
    calls = ["predict", "classify", "regress", "multi_inference"]
    for log, call in zip(logs, calls, strict=True):
        getattr(log, f"{call}_log").request.SetInParent()
    write(tmp_path, *logs)
    service = Recorder()

    ask(tmp_path, service)

    assert [call for call, _ in service.asked] == calls


@pytest.mark.parametrize(
    "spec", [{}, {"name": "other"}, {"name": "m", "version_label": "stable"}]
)
def test_this_version_is_asked_whatever_the_record_names(tmp_path, spec):
    write(tmp_path, predict_log(signature_name="embed", **spec))
    service = Recorder()

    ask(tmp_path, service)

    ((_, request),) = service.asked
    assert request.model_spec.name == "m"
    assert request.model_spec.version.value == 7
    assert request.model_spec.signature_name == "embed"


def test_every_task_of_a_multi_inference_is_this_versions(tmp_path):
    log = PredictionLog()
    for name in ("a", "b"):
        log.multi_inference_log.request.tasks.add(model_spec={"name": name})
    write(tmp_path, log)
    service = Recorder()

    ask(tmp_path, service)

    specs = [task.model_spec for task in service.asked[0][1].tasks]
    assert [(spec.name, spec.version.value) for spec in specs] == [("m", 7)] * 2


@pytest.mark.parametrize(("iterations", "expected"), [(3, 3), (0, 1)])
def test_records_may_be_repeated(tmp_path, iterations, expected):
    write(tmp_path, predict_log())
    service = Recorder()

    ask(tmp_path, service, num_request_iterations=iterations)

    assert len(service.asked) == expected


def test_a_thousand_records_are_allowed_and_no_more(tmp_path):
    path = write(tmp_path, *[predict_log()] * MAX_WARMUP_RECORDS)
    service = Recorder()
    ask(tmp_path, service)
    assert len(service.asked) == 1000

    path.write_bytes(path.read_bytes() + tfrecord(b""))
    with pytest.raises(StatusError, match="exceeds the maximum .1000. at") as raised:
        ask(tmp_path, service)
    assert raised.value.code == Code.INVALID_ARGUMENT


def test_a_request_that_fails_fails_the_load(tmp_path):
    write(tmp_path, predict_log(), predict_log())
    service = Recorder(StatusError(Code.INTERNAL, "no kernel"))

    with pytest.raises(StatusError, match="no kernel"):
        ask(tmp_path, service)

    assert len(service.asked) == 1


def test_a_record_that_is_no_prediction_log_is_refused(tmp_path):
    write(tmp_path, predict_log(), b"\xff\xff\xff")

    with pytest.raises(StatusError, match="Failed to parse warmup record: number 1"):
        ask(tmp_path, Recorder())


def test_a_log_of_nothing_is_passed_over(tmp_path):
    write(tmp_path, PredictionLog())
    service = Recorder()

    ask(tmp_path, service)

    assert service.asked == []


def test_a_log_that_cannot_be_replayed_is_refused(tmp_path):
    log = PredictionLog()
    log.session_run_log.SetInParent()
    write(tmp_path, log)

    with pytest.raises(StatusError, match="^UNIMPLEMENTED: Unsupported log_type"):
        ask(tmp_path, Recorder())


@pytest.mark.parametrize("damage", [lambda d: d[:-1], lambda d: b"\0" + d[1:]])
def test_a_damaged_file_is_refused(tmp_path, damage):
    path = write(tmp_path, predict_log(signature_name="embed"))
    path.write_bytes(damage(path.read_bytes()))

    with pytest.raises(StatusError, match="verify your warmup data is in TFRecord"):
        ask(tmp_path, Recorder())


def predict_real(key):
    log = predict_log(name="whatever")
    log.predict_log.request.inputs[key].CopyFrom(to_proto(np.float32([1.0])))
    return log


@pytest.mark.parametrize(("key", "works"), [("x", True), ("y", False)])
def test_a_real_version_answers_through_a_real_service(
    tmp_path, real_versions, key, works
):
    write(tmp_path, predict_real(key))
    servable = Servable("m", 7, SavedModelSession(real_versions[0]))
    service = Service(Models([servable]))

    try:
        replay(str(tmp_path), servable, service)
    except StatusError as error:
        assert not works and error.message.startswith("Signature input alias: x(")
    else:
        assert works
    finally:
        servable.close()
