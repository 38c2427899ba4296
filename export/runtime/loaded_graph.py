"""What the runtime holds of one SavedModel: a graph and a session with variables."""

import os
import threading
from contextlib import contextmanager
from ctypes import c_char_p

from export.protocol import ConfigProto, MetaGraphDef
from export.runtime.c_api import CApi, Output
from export.runtime.library import checked_status, raise_if_failed
from export.runtime.status import Code, StatusError
from mmtf.errors import InputError

_FILES = ("saved_model.pb", "saved_model.pbtxt", "saved_model.cpb")


class LoadedGraph:
    """A graph tagged `serve` with a session on it, until it is closed.

    Args:
        api: the runtime.
        folder: a version folder.
        config: of the session.

    Attributes:
        meta_graph: the MetaGraphDef.
        session: the TF_Session; to be used within `in_use` only.

    Raises:
        InputError: the folder holds no such graph.
        StatusError: it does not load.
    """

    def __init__(self, api: CApi, folder: str, config: ConfigProto):
        _require_file(folder)
        self._api = api
        self._graph = api.TF_NewGraph()
        try:
            self.session, self.meta_graph = _load(api, self._graph, folder, config)
        except StatusError as error:
            api.TF_DeleteGraph(self._graph)
            if "Could not find meta graph def matching" not in error.message:
                raise
            raise InputError(
                "A SavedModel must hold a graph tagged `serve`. Received: "
                f"{folder!r}, which has none."
            ) from error
        self._calls = 0
        self._closed = False
        self._changed = threading.Condition()

    def output(self, name: str) -> Output | None:
        """Finds `operation:index`; None if the graph has no such output."""
        operation_name, _, index = name.partition(":")
        operation = self._api.TF_GraphOperationByName(
            self._graph, operation_name.encode()
        )
        if not operation or not index.isdecimal():
            return None
        if int(index) >= self._api.TF_OperationNumOutputs(operation):
            return None
        return Output(operation, int(index))

    @contextmanager
    def in_use(self):
        """Keeps the session in memory meanwhile.

        Raises:
            StatusError: CANCELLED; it is closed.
        """
        with self._changed:
            if self._closed:
                raise StatusError(Code.CANCELLED, "Session has been closed.")
            self._calls += 1
        try:
            yield
        finally:
            with self._changed:
                self._calls -= 1
                if self._closed:
                    self._changed.notify_all()

    def close(self) -> None:
        """Cancels the calls that are running, and frees everything."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
        with checked_status(self._api) as status:
            self._api.TF_CloseSession(self.session, status)
        with self._changed:
            self._changed.wait_for(lambda: self._calls == 0)
        with checked_status(self._api) as status:
            self._api.TF_DeleteSession(self.session, status)
        self._api.TF_DeleteGraph(self._graph)


def _load(api, graph, folder, config):
    serialized = config.SerializeToString()
    options = api.TF_NewSessionOptions()
    buffer = api.TF_NewBuffer()
    tags = (c_char_p * 1)(b"serve")
    try:
        with checked_status(api) as status:
            api.TF_SetConfig(options, serialized, len(serialized), status)
            raise_if_failed(api, status)
            session = api.TF_LoadSessionFromSavedModel(
                options, None, os.fsencode(folder), tags, 1, graph, buffer, status
            )
        return session, MetaGraphDef.FromString(buffer.contents.read())
    finally:
        api.TF_DeleteBuffer(buffer)
        api.TF_DeleteSessionOptions(options)


def _require_file(folder):
    # What the runtime's own file systems hold, gs:// for one, is theirs to find.
    if "://" in folder:
        return
    if not any(os.path.isfile(os.path.join(folder, file)) for file in _FILES):
        raise InputError(
            "A version must be a folder written by `mmtf export`. Received: "
            f"{folder!r}, which has no saved_model.pb."
        )
