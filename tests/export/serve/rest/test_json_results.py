import json

import pytest

from export.protocol import (
    ClassificationResult,
    GetModelMetadataResponse,
    RegressionResult,
    SignatureDefMap,
)
from export.runtime.status import StatusError
from export.serve.rest.json_results import (
    write_classifications,
    write_error,
    write_metadata,
    write_regressions,
)


def test_point_36_classes_are_pairs():
    result = ClassificationResult()
    for rows in ([("gut", 0.5), ("", 0.25)], [("ü", 1.0)]):
        classes = result.classifications.add().classes
        for label, score in rows:
            classes.add(label=label, score=score)

    assert write_classifications(result).decode() == (
        '{\n    "results": [[["gut", 0.5], ["", 0.25]], [["ü", 1.0]]\n    ]\n}'
    )


def test_point_36_regressions_are_numbers():
    result = RegressionResult()
    result.regressions.add(value=3)
    result.regressions.add(value=0.1)

    assert write_regressions(result) == b'{\n    "results": [3.0, 0.1]\n}'


@pytest.mark.parametrize(
    ("write", "result"),
    [
        (write_classifications, ClassificationResult()),
        (write_regressions, RegressionResult()),
    ],
)
def test_nothing_is_no_result(write, result):
    message = f"Cannot convert empty {type(result).__name__}"

    with pytest.raises(StatusError, match=message):
        write(result)


def test_point_34_an_error_is_an_object():
    assert write_error('no "x"\n') == b'{\n    "error": "no \\"x\\"\\n"\n}'


def test_metadata_unpack_the_signatures():
    signatures = SignatureDefMap()
    signatures.signature_def["s"].inputs["x"].tensor_shape.dim.add(size=-1)
    response = GetModelMetadataResponse()
    response.model_spec.name = "m"
    response.model_spec.version.value = 123
    response.metadata["signature_def"].Pack(signatures)

    text = write_metadata(response).decode()

    assert text.startswith('{\n"model_spec":{\n "name": "m",\n')
    document = json.loads(text)
    assert document["model_spec"] == {
        "name": "m",
        "version": "123",
        "signature_name": "",
    }
    signature = document["metadata"]["signature_def"]["signature_def"]["s"]
    assert signature["inputs"]["x"]["tensor_shape"] == {
        "dim": [{"size": "-1", "name": ""}],
        "unknown_rank": False,
    }
