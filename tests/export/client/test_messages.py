import numpy as np
import pytest

from export.client.messages import make_request, read_response
from export.client.options import Options
from export.client.rows import PreparedRow
from export.protocol import PredictResponse
from export.protocol.tensors import to_array, to_proto
from mmtf.errors import InputError

WEIGHTS = np.float32([[0.5, 0.25, 0.25]])


def response(**outputs):
    proto = PredictResponse()
    for key, value in outputs.items():
        proto.outputs[key].CopyFrom(to_proto(np.asarray(value)))
    return proto


def test_each_input_is_a_vector_of_all_rows():
    rows = [PreparedRow({"text": b"a", "image": b"", "audio": b"RIFF"}, {})] * 2
    request = make_request(rows, Options())

    assert {key: to_array(value).tolist() for key, value in request.inputs.items()} == {
        "text": [b"a", b"a"], "image": [b"", b""], "audio": [b"RIFF", b"RIFF"],
    }  # fmt: skip


def test_classes_and_scores_go_together():
    proto = response(
        classes=np.array([["ä", "b"]]),
        scores=np.float32([[0.25, 0.75]]),
        modality_weights=WEIGHTS,
        more=np.float32([1, 2, 3]),
    )
    assert read_response(proto, 1) == [
        {
            "scores": {"ä": 0.25, "b": 0.75},
            "modality_weights": {"text": 0.5, "image": 0.25, "audio": 0.25},
        }
    ]


@pytest.mark.parametrize(
    "outputs",
    [
        {"embedding": WEIGHTS},
        {"value": [[1.0]]},
        {"value": 1.0, "modality_weights": WEIGHTS},
        {"value": [[1.0], [2.0]], "modality_weights": WEIGHTS},
        {"value": [[1.0]], "modality_weights": [[0.5, 0.5]]},
        {"value": [[1.0]], "modality_weights": WEIGHTS, "presence": [True]},
        {"scores": [[1.0]], "modality_weights": WEIGHTS},
        {"scores": [[1.0, 2.0]], "classes": [["a"]], "modality_weights": WEIGHTS},
    ],
)
def test_an_answer_of_another_kind_is_refused(outputs):
    with pytest.raises(InputError, match="A model must answer .* B = 1 rows. Received"):
        read_response(response(**outputs), 1)


def test_a_broken_tensor_is_refused():
    proto = response(value=[[1.0]], modality_weights=WEIGHTS)
    proto.outputs["value"].tensor_shape.dim[0].size = -1

    with pytest.raises(InputError, match="answer with sound tensors. A shape must"):
        read_response(proto, 1)
