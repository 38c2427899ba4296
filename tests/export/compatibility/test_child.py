import numpy as np

from export.compatibility import child
from export.protocol import PredictRequest, PredictResponse, StatusProto
from export.protocol.tensors import to_array, to_proto


def status(path):
    return StatusProto.FromString(path.read_bytes())


def test_requests_are_answered_or_refused_in_their_order(save, tmp_path):
    folder = save(lambda x: {"y": x + 1})
    for index, array in enumerate([np.ones((1, 4), np.float32), np.ones(4)]):
        request = PredictRequest()
        request.model_spec.signature_name = "serving_default"
        request.inputs["x"].CopyFrom(to_proto(array))
        (tmp_path / f"{index}.request").write_bytes(request.SerializeToString())

    child.main(folder, str(tmp_path))

    assert status(tmp_path / "runtime.status").error_code == 0
    assert status(tmp_path / "load.status").error_code == 0
    response = PredictResponse.FromString((tmp_path / "0.response").read_bytes())
    assert to_array(response.outputs["y"]).tolist() == [[2.0] * 4]
    assert "float but double" in status(tmp_path / "1.status").error_message
    assert not list(tmp_path.glob("*.part"))


def test_a_model_that_does_not_load_is_told(tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "1/saved_model.pb").write_bytes(b"\xff")

    child.main(str(tmp_path / "1"), str(tmp_path))

    assert status(tmp_path / "load.status").error_code != 0


def test_a_runtime_that_does_not_open_is_told_first(tmp_path):
    child.main("somewhere", str(tmp_path), "no_such_library")

    assert "no_such_library" in status(tmp_path / "runtime.status").error_message
    assert not (tmp_path / "load.status").exists()
