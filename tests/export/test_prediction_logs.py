import numpy as np

from export.golden_cases import GoldenCase
from export.prediction_logs import golden_log, write_logs
from export.protocol import PredictionLog
from export.protocol.records import read_records
from export.protocol.tensors import to_array

CASE = GoldenCase(
    "embed",
    ["a", "b"],
    {"text": np.array([b"x\0", b""], object)},
    {"embedding": np.eye(2, dtype=np.float32)},
)


def test_a_golden_request_travels_with_its_answer(tmp_path):
    path = str(tmp_path / "golden")
    write_logs(path, [golden_log(CASE, "reviews")])

    (record,) = read_records(path)
    log = PredictionLog.FromString(record).predict_log
    for spec in (log.request.model_spec, log.response.model_spec):
        assert (spec.name, spec.signature_name) == ("reviews", "embed")
    assert to_array(log.request.inputs["text"]).tolist() == [b"x\0", b""]
    np.testing.assert_array_equal(
        to_array(log.response.outputs["embedding"]), np.eye(2)
    )


def test_the_same_logs_are_the_same_file(tmp_path):
    for name in ("a", "b"):
        write_logs(str(tmp_path / name), [golden_log(CASE, "reviews")] * 2)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
