"""The HTTP server: waitress around the WSGI application."""

import logging
import os
import queue
import socket
import threading
import time
from collections.abc import Callable

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import WSGITask

from export.serve.rest.app import MAX_BODY_BYTES
from mmtf.errors import InputError

GRACE_SECONDS = 10.0
_THREADS_PER_CPU = 4
_POLL_SECONDS = 0.02
_CALL_SECONDS = 30.0
_BUFFER_BYTES = 2**18
_MEMORY_BYTES = 2**23
_MAX_CONNECTIONS = 500


class RestServer:
    """Serves an application by HTTP, until `stop`.

    Args:
        app: a WSGI application, such as `make_app` gives.
        host: the address to listen on.
        port: the port; 0 picks a free one.
        num_threads: how many requests are worked on at once; by default four for
            each CPU.
        max_body_bytes: of a request.

    Attributes:
        port: the port that it listens on.

    Raises:
        InputError: the port is taken.
    """

    def __init__(
        self,
        app: Callable,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        num_threads: int | None = None,
        max_body_bytes: int = MAX_BODY_BYTES,
    ):
        self._server = create_server(
            app,
            sockets=[_listen(host, port)],
            threads=num_threads or _THREADS_PER_CPU * (os.cpu_count() or 1),
            max_request_body_size=max_body_bytes + 1,
            recv_bytes=_BUFFER_BYTES,
            inbuf_overflow=_MEMORY_BYTES,
            connection_limit=_MAX_CONNECTIONS,
            asyncore_use_poll=True,
            log_socket_errors=False,
            ident=None,
        )
        self._server.channel_class = _Channel
        self._server.is_stopping = False
        # That all threads are busy for a moment is nothing to warn of.
        self._server.task_dispatcher.queue_logger = logging.Logger("", logging.ERROR)
        self.port = int(self._server.effective_port)
        self._thread = threading.Thread(
            target=self._server.run, name="rest", daemon=True
        )
        self._thread.start()

    def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Takes no further request, and returns when those under way are answered.

        Args:
            grace_seconds: what is still running then is left unanswered.
        """
        deadline = time.monotonic() + grace_seconds
        self._server.is_stopping = True
        self._call(lambda: wasyncore.dispatcher.close(self._server))
        while self._call(self._close_idle) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        remaining = max(0.0, deadline - time.monotonic())
        self._server.task_dispatcher.shutdown(timeout=remaining)
        self._call(lambda: wasyncore.close_all(self._server._map))
        self._thread.join()

    def _close_idle(self):
        """Closes the connections that nothing is under way on; counts the others."""
        channels = list(self._server.active_channels.values())
        for channel in channels:
            channel.will_close = channel.will_close or not _is_busy(channel)
        return len(channels)

    def _call(self, function):
        """Runs a function in the thread that owns the sockets."""
        result = queue.SimpleQueue()
        self._server.trigger.pull_trigger(lambda: result.put(function()))
        return result.get(timeout=_CALL_SECONDS)


def _listen(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise InputError(
            f"A server needs a free port. Received: {host}:{port}, which cannot be "
            "listened on. Give another `--rest_api_port`."
        ) from error


class _Task(WSGITask):
    """Tells the client that the connection ends with this answer, if it does."""

    def build_response_header(self):
        if self.channel.server.is_stopping:
            self.set_close_on_finish()
        return super().build_response_header()


class _Channel(HTTPChannel):
    task_class = _Task


def _is_busy(channel):
    return channel.requests or channel.request or channel.total_outbufs_len
