"""One loaded version of a model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Runner(Protocol):
    """What computes answers: a SavedModelSession, or a Batcher around one."""

    def run(
        self,
        signature_name: str,
        inputs: Mapping[str, np.ndarray],
        *,
        outputs: Iterable[str | tuple[str, str]] | None = None,
        timeout_seconds: float | None = None,
    ) -> dict[str, np.ndarray]: ...

    def close(self) -> None: ...


class Session(Runner, Protocol):
    """A runner that knows its model's signatures, such as a SavedModelSession."""

    signatures: dict


# Compared and hashed by identity: a version that is loaded anew is another servable.
@dataclass(frozen=True, eq=False)
class Servable:
    """One loaded version of a model; `run` may be called from many threads.

    Attributes:
        name: what requests call the model.
        version: its number.
        session: the loaded SavedModel.
        batcher: what requests pass through on their way to the session, if any.
    """

    name: str
    version: int
    session: Session
    batcher: Runner | None = None

    @property
    def signatures(self) -> dict:
        """`{name: SignatureDef}`."""
        return self.session.signatures

    def run(
        self,
        signature_name: str,
        inputs: Mapping[str, np.ndarray],
        *,
        outputs: Iterable[str | tuple[str, str]] | None = None,
        timeout_seconds: float | None = None,
    ) -> dict[str, np.ndarray]:
        """Like `SavedModelSession.run`, through the batcher where there is one."""
        runner = self.batcher or self.session
        return runner.run(
            signature_name, inputs, outputs=outputs, timeout_seconds=timeout_seconds
        )

    def close(self) -> None:
        """Frees the model; nobody may use it any more."""
        try:
            if self.batcher is not None:
                self.batcher.close()
        finally:
            self.session.close()
