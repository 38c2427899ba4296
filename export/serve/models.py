"""The loaded models, and which of them a request means.

Codes and texts of errors are those of TensorFlow Serving, as everywhere in this
folder: a client cannot tell the two servers apart by them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import tensorflow as tf

from export.session import SavedModelSession
from export.versions import list_versions
from mmtf.errors import InputError


@dataclass(frozen=True)
class Servable:
    """One loaded version of a model."""

    name: str
    version: int
    session: SavedModelSession


class Models:
    """Every loaded version of every model.

    Args:
        servables: any number of them, in any order.
    """

    def __init__(self, servables: list[Servable]):
        self._servables = {}
        for servable in servables:
            versions = self._servables.setdefault(servable.name, {})
            versions[servable.version] = servable

    def __iter__(self) -> Iterator[Servable]:
        return (s for versions in self._servables.values() for s in versions.values())

    def versions(self, name: str) -> dict[int, Servable]:
        """The loaded versions of a model; none when it is unknown."""
        return self._servables.get(name, {})

    def find(self, spec) -> Servable:
        """The version that a request's ModelSpec means; the latest by default.

        Raises:
            tf.errors.InvalidArgumentError: no name, or an unknown label.
            tf.errors.NotFoundError: no such model or version.
        """
        if not spec.name:
            raise tf.errors.InvalidArgumentError(
                None, None, "ModelSpec has no name specified."
            )
        if spec.WhichOneof("version_choice") == "version_label":
            raise tf.errors.InvalidArgumentError(
                None, None, f"Unrecognized servable version label: {spec.version_label}"
            )
        versions = self.versions(spec.name)
        if spec.HasField("version"):
            number = spec.version.value
            wanted = f"Specific({spec.name}, {number})"
        else:
            number = max(versions, default=None)
            wanted = f"Latest({spec.name})"
        if number not in versions:
            raise tf.errors.NotFoundError(
                None, None, f"Servable not found for request: {wanted}"
            )
        return versions[number]


def load_latest(model_folder: str, name: str | None = None) -> Servable:
    """Loads the latest version of a model.

    Args:
        model_folder: MODELS/NAME.
        name: what requests call it; NAME by default.

    Raises:
        InputError: the folder is missing or holds no version.
    """
    versions = list_versions(model_folder)
    if not versions:
        raise InputError(
            "A model must be a folder MODELS/NAME with a numbered version in it. "
            f"Received: {model_folder!r}, which has none. Write one with `mmtf export`."
        )
    number, folder = max(versions.items())
    name = name or os.path.basename(os.path.abspath(model_folder))
    return Servable(name, number, SavedModelSession(folder))
