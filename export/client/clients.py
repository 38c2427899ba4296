"""Clients of a server: one that blocks and one that awaits."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from functools import partial

import grpc
import grpc.aio

from export.client.channel import open_channel, predict_method
from export.client.errors import explain
from export.client.options import Options
from export.client.steps import advance, strict_steps, tolerant_steps
from export.client.windows import in_chunks, in_order, in_order_async


class _Connection:
    _grpc = None

    def __init__(self, server="localhost:8500", model="demo", **options):
        self.options = Options(server=server, model=model, **options)
        self._channel = open_channel(self._grpc, self.options)
        self._method = predict_method(self._channel)

    def _call(self, request):
        return self._method(
            request,
            timeout=self.options.timeout_seconds,
            metadata=tuple(self.options.metadata.items()),
        )

    def _chunks(self, rows):
        return in_chunks(rows, self.options.rows_per_request)


class Client(_Connection):
    """Asks a server, several requests at a time; safe to share between threads.

    Rows are mappings with any of `text`, and of `image` and `audio`: the path of a
    file, or its bytes. What is empty or missing is absent. Media are turned
    upright, shrunk and re-encoded here, so that less travels and the server can
    decode it.

    Args:
        server: HOST:PORT of TensorFlow Serving or of `mmtf serve`.
        model: the name that the server knows the model by.
        **options: see `export.client.Options`.

    Raises:
        InputError: an option cannot work.
    """

    _grpc = grpc

    def predict(self, rows: Iterable[Mapping]) -> list[dict]:
        """Scores rows.

        Returns:
            For each row `{"scores": {class: score}, "modality_weights": {modality:
            weight}}`, where the model tells also `presence` ({modality: bool}, what
            it could decode), and for regression `value` in place of `scores`.

        Raises:
            InputError: a file cannot be read, or the server cannot be reached or
                refuses a request (then it is a `ServerError`, with the `code`).
        """
        run = partial(self._run, strict_steps)
        window = self.options.requests_in_flight
        return [
            answer
            for answers in in_order(run, self._chunks(rows), window)
            for answer in answers
        ]

    def predict_each(self, rows: Iterable[Mapping]) -> Iterator[dict]:
        """Scores any number of rows, in order; a bad one does not stop the rest.

        Memory does not grow with the number of rows.

        Yields:
            For each row what `predict` gives, with `left_out` ({modality: reason})
            if files of it could not be used; or `error`, the reason why there is
            no answer.

        Raises:
            ServerError: the server can answer no row, such as for want of the model.
        """
        run = partial(self._run, tolerant_steps)
        window = self.options.requests_in_flight
        for answers in in_order(run, self._chunks(rows), window):
            yield from answers

    def close(self) -> None:
        """Ends the connection, and calls under way with it."""
        self._channel.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def _run(self, make_steps, rows):
        steps = make_steps(rows, self.options)
        request, answers = advance(steps)
        while request is not None:
            try:
                outcome = {"response": self._call(request)}
            except grpc.RpcError as error:
                outcome = {"error": explain(error, self.options)}
            request, answers = advance(steps, **outcome)
        return answers


class AsyncClient(_Connection):
    """`Client` for asyncio: the same methods, to be awaited or iterated over.

    To be made, used and closed within one running loop; files are read in threads.

    Args:
        server: see `Client`.
        model: see `Client`.
        **options: see `export.client.Options`.
    """

    _grpc = grpc.aio

    async def predict(self, rows: Iterable[Mapping]) -> list[dict]:
        """See `Client.predict`."""
        run = partial(self._run, strict_steps)
        window = self.options.requests_in_flight
        return [
            answer
            async for answers in in_order_async(run, self._chunks(rows), window)
            for answer in answers
        ]

    async def predict_each(self, rows: Iterable[Mapping]) -> AsyncIterator[dict]:
        """See `Client.predict_each`."""
        run = partial(self._run, tolerant_steps)
        window = self.options.requests_in_flight
        async for answers in in_order_async(run, self._chunks(rows), window):
            for answer in answers:
                yield answer

    async def close(self) -> None:
        """Ends the connection, and calls under way with it."""
        await self._channel.close()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        await self.close()

    async def _run(self, make_steps, rows):
        steps = make_steps(rows, self.options)
        request, answers = await asyncio.to_thread(advance, steps)
        while request is not None:
            try:
                outcome = {"response": await self._call(request)}
            except grpc.RpcError as error:
                outcome = {"error": explain(error, self.options)}
            request, answers = await asyncio.to_thread(advance, steps, **outcome)
        return answers


def predict(rows: Iterable[Mapping], **options) -> list[dict]:
    """Sends rows to a server, and waits for the answers.

    Args:
        rows: each holds any of `text`, `image` and `audio`, see `Client`.
        **options: `server`, `model` and the rest of `export.client.Options`.

    Returns:
        See `Client.predict`.

    Raises:
        InputError: see `Client.predict`.
    """
    with Client(**options) as client:
        return client.predict(rows)
