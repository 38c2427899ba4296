"""What to ask and what to make of the answers, apart from how to wait for them.

Steps are generators: they yield a PredictRequest, are sent its PredictResponse
or thrown its ServerError, and return one answer for each of their rows. So both
clients, the one that blocks and the one that awaits, do the same.
"""

from collections import deque
from collections.abc import Generator, Mapping, Sequence

import grpc

from export.client.errors import ServerError
from export.client.messages import make_request, read_response
from export.client.options import Options
from export.client.rows import (
    PreparedRow,
    check_whole,
    grouped,
    prepare_row,
    say_left_out,
)

# Failures that may lie in a single row, and so are tried again row by row.
_OF_A_ROW = {
    grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.OUT_OF_RANGE,
    grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.INTERNAL,
    grpc.StatusCode.UNKNOWN, grpc.StatusCode.DATA_LOSS, grpc.StatusCode.ABORTED,
}  # fmt: skip
_NOTHING = "neither text nor image nor audio"


def strict_steps(rows: Sequence[Mapping], options: Options) -> Generator:
    """Every row whole, or an error.

    Raises:
        InputError: a file cannot be used, or the server refuses.
    """
    answers = []
    prepared = (check_whole(row, prepare_row(row, options)) for row in rows)
    for group in grouped(prepared):
        response = yield make_request(group, options)
        answers += read_response(response, len(group))
    return answers


def tolerant_steps(rows: Sequence[Mapping], options: Options) -> Generator:
    """An answer or an `error` for each row.

    What a row has but could not be sent is in the answer's `left_out`.

    Raises:
        InputError: the server can answer no row, such as for want of the model.
    """
    answers, places = [None] * len(rows), deque()

    def usable():
        for place, row in enumerate(rows):
            prepared = prepare_row(row, options)
            if prepared.size:
                places.append(place)
                yield prepared
            else:
                answers[place] = {"error": say_left_out(prepared.left_out) or _NOTHING}

    for group in grouped(usable()):
        scored = yield from _score(group, options)
        for prepared, answer in zip(group, scored, strict=True):
            left_out = {"left_out": prepared.left_out} if prepared.left_out else {}
            answers[places.popleft()] = {**answer, **left_out}
    return answers


def _score(group: list[PreparedRow], options):
    try:
        response = yield make_request(group, options)
        return read_response(response, len(group))
    except ServerError as error:
        if error.code == grpc.StatusCode.DEADLINE_EXCEEDED:
            return [{"error": str(error)} for _ in group]
        if error.code not in _OF_A_ROW:
            raise
        if len(group) == 1:
            return [{"error": str(error)}]
    answers = []
    for row in group:
        answers += yield from _score([row], options)
    return answers


def advance(steps: Generator, response=None, error: ServerError | None = None):
    """Takes steps to their next request.

    Returns:
        The request and None, or None and the answers at the end.
    """
    try:
        request = steps.throw(error) if error else steps.send(response)
    except StopIteration as stop:
        return None, stop.value
    return request, None
