"""One run for the parts of many requests."""

from collections.abc import Mapping, Sequence

import numpy as np

from export.runtime import Code, StatusError
from export.serve.batch_options import BatchOptions
from export.serve.batch_requests import BatchPart, queue_timeout

_MAX_PADDED_RANK = 6


def run_batch(
    session,
    options: BatchOptions,
    signature_name: str,
    outputs: Sequence[str],
    parts: Sequence[BatchPart],
) -> None:
    """Gives each part's request its rows of the answer, or an error.

    Args:
        session: what computes.
        options: how arrays are merged.
        signature_name: what is computed.
        outputs: the names of the outputs.
        parts: of requests with the same inputs of the same types and ranks.
    """
    parts = [part for part in parts if _is_wanted(part.request)]
    if parts:
        _answer(session, options, signature_name, outputs, parts)


def _is_wanted(request):
    if request.remaining_seconds() == 0:
        request.fail(queue_timeout())
    return not request.is_settled


def _answer(session, options, signature_name, outputs, parts):
    try:
        answers = _run(session, options, signature_name, outputs, parts)
    except Exception as error:
        invalid = getattr(error, "code", None) == Code.INVALID_ARGUMENT
        if invalid and len(parts) > 1:
            for part in parts:
                _answer(session, options, signature_name, outputs, [part])
            return
        for part in parts:
            part.request.fail(error)
        return
    for part, answer in zip(parts, answers, strict=True):
        part.request.answer(part, answer)


def _run(session, options, signature_name, outputs, parts):
    num_rows = options.run_size(sum(part.num_rows for part in parts))
    remaining = [part.request.remaining_seconds() for part in parts]
    answers = session.run(
        signature_name,
        merge_inputs(parts, num_rows, pad=options.pad),
        outputs=outputs,
        timeout_seconds=None if None in remaining else max(remaining),
    )
    return split_outputs(answers, parts, num_rows)


def merge_inputs(
    parts: Sequence[BatchPart], num_rows: int, *, pad: bool
) -> dict[str, np.ndarray]:
    """One array per input, from all parts.

    Args:
        parts: with the same inputs of the same types and ranks.
        num_rows: the rows of the result; the first row of the last part, which is
            known to be a valid one, stands in for those that are missing.
        pad: pads axes beyond the first to the largest, with an array's first value.

    Raises:
        StatusError: INVALID_ARGUMENT: an array cannot be padded.
    """
    num_missing = num_rows - sum(part.num_rows for part in parts)
    merged = {}
    for name in parts[0].request.inputs:
        arrays = [part.rows(name) for part in parts]
        if pad and len(arrays) > 1:
            arrays = _pad(arrays)
        if num_missing:
            arrays.append(np.repeat(arrays[-1][:1], num_missing, axis=0))
        merged[name] = arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
    return merged


def split_outputs(
    outputs: Mapping[str, np.ndarray], parts: Sequence[BatchPart], num_rows: int
) -> list[dict[str, np.ndarray]]:
    """Each part's rows of the outputs.

    Raises:
        StatusError: FAILED_PRECONDITION: an output is not one row per row.
    """
    for value in outputs.values():
        if not value.ndim:
            raise StatusError(
                Code.FAILED_PRECONDITION, "Batched output tensor has 0 dimensions"
            )
        if len(value) != num_rows:
            raise StatusError(
                Code.FAILED_PRECONDITION,
                "Batched output tensor's 0th dimension does not equal the sum of the "
                "0th dimension sizes of the input tensors",
            )
    ends = np.cumsum([part.num_rows for part in parts]).tolist()
    return [
        {name: value[end - part.num_rows : end] for name, value in outputs.items()}
        for part, end in zip(parts, ends, strict=True)
    ]


def _pad(arrays):
    sizes = np.max([array.shape[1:] for array in arrays], axis=0)
    return [_pad_to(array, tuple(int(size) for size in sizes)) for array in arrays]


def _pad_to(array, sizes):
    if array.shape[1:] == sizes:
        return array
    if array.ndim > _MAX_PADDED_RANK:
        raise StatusError(
            Code.INVALID_ARGUMENT,
            f"Only tensors with rank from 1 to {_MAX_PADDED_RANK} can be padded.",
        )
    if not array.size:
        raise StatusError(
            Code.INVALID_ARGUMENT, "Got empty tensor in batch of non-empty tensors."
        )
    padded = np.full((len(array), *sizes), array.flat[0], array.dtype)
    padded[tuple(slice(size) for size in array.shape)] = array
    return padded
