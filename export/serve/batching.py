"""Session batching: requests that arrive together are run together.

What can be set, the checks and their words are those of tensorflow_model_server's
`--enable_batching`. It differs on purpose where one request could spoil another:

- Requests are merged only if they send the same inputs with the same types, ranks
  and (unless they are padded) shapes. The server merges by names alone, and fails all
  of a batch whose shapes differ.
- An input that a request leaves out keeps its default, and the request is merged with
  those that leave out the same. The server puts the default in first, and then
  refuses it beside inputs of more than one row.
- If a merged run ends with INVALID_ARGUMENT, its requests are run one by one, so that
  the good ones are answered. The server fails them all.
- A request whose time is over while it waits gets DEADLINE_EXCEEDED at that moment.
  The server says RESOURCE_EXHAUSTED, once its turn has come.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping

import numpy as np

from export.protocol import BatchingParameters
from export.runtime import Code, StatusError
from export.serve.batch_options import read_batch_options
from export.serve.batch_queue import Batch, BatchQueue
from export.serve.batch_requests import BatchRequest
from export.serve.batch_run import run_batch


class Batcher:
    """Runs a session's signatures for many callers at once.

    Args:
        session: a SavedModelSession; it is not closed with the batcher.
        parameters: the server's BatchingParameters.

    Raises:
        StatusError: the parameters are invalid.
    """

    def __init__(self, session, parameters: BatchingParameters):
        self._session = session
        self._options = read_batch_options(parameters)
        self._changed = threading.Condition()
        self._queues: OrderedDict[tuple, BatchQueue] = OrderedDict()
        self._num_callers = 0
        self._num_running = 0
        self._closed = False
        name = self._options.thread_name
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}_{index}", daemon=True)
            for index in range(self._options.num_threads)
        ]
        for thread in self._threads:
            thread.start()

    def run(
        self,
        signature_name: str,
        inputs: Mapping[str, np.ndarray],
        *,
        outputs: Iterable[str | tuple[str, str]] | None = None,
        timeout_seconds: float | None = None,
    ) -> dict[str, np.ndarray]:
        """Like `SavedModelSession.run`.

        Raises:
            StatusError: UNAVAILABLE, too many batches wait already, or it is closed;
                INVALID_ARGUMENT, the inputs do not have equally many rows;
                DEADLINE_EXCEEDED; whatever the session raises.
        """
        num_rows = _count_rows(inputs)
        if outputs is None:
            outputs = self._session.signatures[signature_name].outputs
        # Some may be pairs.
        outputs = tuple(sorted(outputs, key=str))
        self._enter()
        try:
            if num_rows:
                request = BatchRequest(inputs, num_rows, timeout_seconds)
                key = signature_name, outputs, self._kind(inputs)
                if batch := self._enqueue(key, request):
                    self._run(key, batch)
                return request.wait()
            # Nothing to merge; only the graph knows what it answers to that.
            return self._session.run(
                signature_name,
                inputs,
                outputs=outputs,
                timeout_seconds=timeout_seconds,
            )
        finally:
            self._leave()

    def close(self) -> None:
        """Takes no further request, and returns when all callers are answered."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._num_callers)
        for thread in self._threads:
            thread.join()

    def _enter(self):
        with self._changed:
            self._check_open()
            self._num_callers += 1

    def _leave(self):
        with self._changed:
            self._num_callers -= 1
            if self._closed:
                self._changed.notify_all()

    def _check_open(self):
        if self._closed:
            raise StatusError(Code.UNAVAILABLE, "The batching session is closed.")

    def _kind(self, inputs):
        """What must be equal for two requests to be merged."""
        pad = self._options.pad
        return tuple(
            (name, array.dtype, array.ndim if pad else array.shape[1:])
            for name, array in sorted(inputs.items())
        )

    def _enqueue(self, key, request) -> Batch | None:
        """A batch that is for the caller itself to run, if there is one."""
        with self._changed:
            # The threads may be gone by now.
            self._check_open()
            queue = self._queues.get(key) or BatchQueue(self._options)
            queue.add(request)
            # Threads cost time, and a lone request needs none.
            lone = not self._queues and len(queue) == 1
            if lone and self._may_run() and queue.due() <= time.monotonic():
                self._num_running += 1
                return queue.take()
            self._queues[key] = queue
            if queue.wants_attention():
                self._changed.notify()
            return None

    def _may_run(self):
        return self._num_running < self._options.num_threads

    def _work(self):
        while (ready := self._next()) is not None:
            self._run(*ready)

    def _run(self, key, batch):
        signature_name, outputs, _ = key
        try:
            run_batch(
                self._session, self._options, signature_name, outputs, batch.parts
            )
        finally:
            with self._changed:
                self._num_running -= 1
                if self._queues:
                    self._changed.notify()

    def _next(self):
        """Waits for a batch to run; None when there will be no further one."""
        with self._changed:
            while True:
                now, earliest = time.monotonic(), None
                for key, queue in self._queues.items():
                    if not self._may_run():
                        break
                    if self._closed or queue.due() <= now:
                        return key, self._take(key)
                    earliest = min(earliest or queue.due(), queue.due())
                if self._closed and not self._queues:
                    return None
                self._changed.wait(earliest and earliest - now)

    def _take(self, key):
        self._num_running += 1
        batch = self._queues[key].take()
        if self._queues[key]:
            # Queues take turns.
            self._queues.move_to_end(key)
        else:
            del self._queues[key]
        if self._queues:
            # Nobody else may know when the next one is due.
            self._changed.notify()
        return batch


def _count_rows(inputs):
    if not all(array.ndim for array in inputs.values()):
        raise StatusError(
            Code.INVALID_ARGUMENT,
            "Batching Run() input tensors must have at least one dimension",
        )
    sizes = {len(array) for array in inputs.values()}
    if len(sizes) > 1:
        raise StatusError(
            Code.INVALID_ARGUMENT,
            "Batching Run() input tensors must have equal 0th-dimension size",
        )
    return sizes.pop() if sizes else 0
