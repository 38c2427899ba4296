"""Which versions of a model its base path and its policy ask for.

After tensorflow_serving/sources/storage_path/file_system_storage_path_source.cc.
"""

import logging
import os
import re

from export.runtime.status import Code, StatusError

_logger = logging.getLogger(__name__)
_INTEGER = re.compile(r"\s*[+-]?[0-9]+\s*", re.ASCII)
_INT64 = range(-(2**63), 2**63)


def parse_version(name: str) -> int | None:
    """The version that a child of a base path is, or None.

    The server takes every name that reads as a 64-bit integer, `00123` too.
    """
    if not _INTEGER.fullmatch(name):
        return None
    version = int(name)
    return version if version in _INT64 else None


class Source:
    """One model's base path; polled by one thread at a time.

    What it has to say it logs once, and again only when that changes.

    Args:
        config: the ModelConfig.
    """

    def __init__(self, config):
        self._config = config
        self._said: list[str] = []

    def poll(self) -> dict[int, str] | None:
        """Looks at the folder.

        Returns:
            The wanted versions and their folders. None when there is no base
            path, or none that can be read: what is loaded then stays.
        """
        notes: list[str] = []
        try:
            children = _list_children(self._config.name, self._config.base_path)
        except StatusError as error:
            wanted, notes = None, [error.message]
        else:
            wanted = self._choose(children, notes)
        for note in notes:
            if note not in self._said:
                _logger.warning("%s", note)
        self._said = notes
        return wanted

    def _choose(self, children, notes):
        versions = _index(children, notes)
        policy = self._config.model_version_policy
        choice = policy.WhichOneof("policy_choice")
        if choice == "specific":
            chosen = self._choose_specific(versions, policy.specific.versions, notes)
        elif choice == "all":
            chosen = sorted(versions)
        else:
            # Proto3 gives 0 where nothing is said, which means 1.
            chosen = sorted(versions)[-max(1, policy.latest.num_versions) :]
        if not chosen:
            notes.append(
                f"No versions of servable {self._config.name} found under base path "
                f"{self._config.base_path}. Did you forget to name your leaf directory "
                "as a number (eg. '/1/')?"
            )
        folder = self._config.base_path
        return {number: os.path.join(folder, versions[number]) for number in chosen}

    def _choose_specific(self, versions, asked, notes):
        for number in sorted(set(asked) - set(versions)):
            notes.append(
                f"Version {number} of servable {self._config.name}, which was "
                "requested to be served as a 'specific' version in the servable's "
                "version policy, was not found in the file system"
            )
        return sorted(set(asked) & set(versions))


def _list_children(name, base_path) -> list[str]:
    try:
        return sorted(os.listdir(base_path))
    # A ValueError says that no path can be like this.
    except (OSError, ValueError) as error:
        message = (
            f"Could not find base path {base_path} for servable {name} with error "
            f"{error}"
        )
        raise StatusError(Code.NOT_FOUND, message) from error


def _index(children, notes) -> dict[int, str]:
    versions: dict[int, str] = {}
    for child in children:
        number = parse_version(child)
        if number is None:
            continue
        if number in versions:
            notes.append(
                f"Duplicate version directories detected. Version {number} will be "
                f"loaded from {child}, {versions[number]} will be ignored."
            )
        versions[number] = child
    return versions
