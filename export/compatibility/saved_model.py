"""Reads the part of a SavedModel that a server would load."""

import os

from google.protobuf import text_format
from google.protobuf.message import DecodeError

from export.protocol import MetaGraphDef, SavedModel
from mmtf.errors import InputError


def read_meta_graph(folder: str) -> MetaGraphDef:
    """Reads the graph tagged `serve`.

    Args:
        folder: holds `saved_model.pb` or `saved_model.pbtxt`.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    folder = os.fspath(folder)
    saved_model = _read(folder)
    for meta_graph in saved_model.meta_graphs:
        if set(meta_graph.meta_info_def.tags) == {"serve"}:
            return meta_graph
    raise InputError(
        "A SavedModel must hold a graph tagged `serve`. Received: "
        f"{folder!r}, which has none."
    )


def _read(folder):
    binary = os.path.join(folder, "saved_model.pb")
    text = os.path.join(folder, "saved_model.pbtxt")
    try:
        if os.path.isfile(binary):
            with open(binary, "rb") as file:
                return SavedModel.FromString(file.read())
        if os.path.isfile(text):
            with open(text, encoding="utf-8") as file:
                return text_format.Parse(file.read(), SavedModel())
    except (DecodeError, UnicodeDecodeError, text_format.ParseError) as error:
        raise InputError(
            f"A SavedModel must be a protocol buffer. Received: {folder!r}, whose "
            f"graph cannot be read: {error}."
        ) from error
    raise InputError(
        "A SavedModel is a folder with saved_model.pb, such as MODELS/NAME/1. "
        f"Received: {folder!r}, which has none."
    )
