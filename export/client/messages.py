"""Rows to a PredictRequest, and a PredictResponse to answers.

Legend: B rows, C classes, M modalities.
"""

from collections.abc import Sequence

from export.client.options import Options
from export.client.rows import PreparedRow
from export.protocol import DataType, PredictRequest
from export.protocol.tensors import to_array
from mmtf.errors import InputError
from mmtf.features import MODALITIES


def make_request(rows: Sequence[PreparedRow], options: Options):
    """A PredictRequest for all the rows."""
    request = PredictRequest()
    request.model_spec.name = options.model
    request.model_spec.signature_name = options.signature
    if options.version is not None:
        request.model_spec.version.value = options.version
    if options.label is not None:
        request.model_spec.version_label = options.label
    for modality in MODALITIES:
        proto = request.inputs[modality]
        proto.dtype = DataType.DT_STRING
        proto.tensor_shape.dim.add(size=len(rows))
        proto.string_val.extend(row.inputs[modality] for row in rows)
    return request


def read_response(response, num_rows: int) -> list[dict]:
    """The answers in a PredictResponse.

    Returns:
        For each row `scores` by class, or `value` for regression;
        `modality_weights` by modality; and, if the model tells, `presence`: whether
        it could use each modality.

    Raises:
        InputError: the model answers something else.
    """
    try:
        outputs = {key: to_array(proto) for key, proto in response.outputs.items()}
    except ValueError as error:
        raise InputError(f"A server must answer with sound tensors. {error}") from error
    names = {"modality_weights", *({"presence"} & set(outputs))}
    names |= {"value"} if "value" in outputs else {"classes", "scores"}
    _check(outputs, names, num_rows)
    return [
        _read_row({name: outputs[name][row] for name in names})
        for row in range(num_rows)
    ]


def _check(outputs, names, num_rows):
    shapes = {key: list(value.shape) for key, value in outputs.items()}
    ok = all(
        len(shapes.get(name, ())) == 2 and shapes[name][0] == num_rows for name in names
    )
    ok = ok and shapes.get("classes") == shapes.get("scores")
    per_modality = names & {"modality_weights", "presence"}
    if not ok or any(shapes[name][1] != len(MODALITIES) for name in per_modality):
        raise InputError(
            "A model must answer `classes` and `scores` (B, C), or `value` (B, 1), and "
            f"`modality_weights` (B, {len(MODALITIES)}), with B = {num_rows} rows. "
            f"Received: {shapes}."
        )


def _read_row(outputs):
    answer = {}
    if "value" in outputs:
        answer["value"] = outputs["value"].item()
    else:
        names = [name.decode() for name in outputs["classes"]]
        answer["scores"] = dict(zip(names, outputs["scores"].tolist(), strict=True))
    for key in ("modality_weights", "presence"):
        if key in outputs:
            answer[key] = dict(zip(MODALITIES, outputs[key].tolist(), strict=True))
    return answer
