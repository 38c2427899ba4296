"""Passes bytes on to a server, and drops the first connections."""

import contextlib
import socket
import threading

_OF_A_REQUEST = b"audio"  # The name of an input, as it stands in the message.


class FlakyProxy:
    """Cuts a connection once the client has sent a request over it.

    Args:
        port: the server's.
        drops: how many connections to cut.
    """

    def __init__(self, port, drops):
        self._port, self.drops, self.dropped = port, drops, 0
        self._listener = socket.create_server(("localhost", 0))
        self.address = f"localhost:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("localhost", self._port))
                for source, sink in ((client, server), (server, client)):
                    args = (source, sink, source is client)
                    threading.Thread(
                        target=self._pass_on, args=args, daemon=True
                    ).start()

    def _pass_on(self, source, sink, from_client):
        seen = b""
        with contextlib.suppress(OSError):
            while data := source.recv(2**16):
                seen = (seen + data)[-(2**17) :]
                if from_client and self.dropped < self.drops and _OF_A_REQUEST in seen:
                    self.dropped += 1
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
