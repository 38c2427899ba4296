"""What to ask of a model, to see whether it runs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from export.compatibility.warm_up import read_warm_up
from export.protocol import DataType, SignatureDef, TensorInfo
from export.protocol.tensor_types import NUMBERS, STRING, numpy_type

GIVEN, WARM_UP, MADE_UP = "the given rows", "its warm-up records", "made-up rows"


@dataclass(frozen=True)
class Request:
    """Inputs for one run of one signature.

    Attributes:
        signature: its name.
        inputs: arrays by name.
        source: `GIVEN`, `WARM_UP` or `MADE_UP`.
    """

    signature: str
    inputs: Mapping[str, np.ndarray]
    source: str

    @property
    def num_rows(self) -> int | None:
        """The first size of all inputs, if they agree in it."""
        sizes = {np.shape(array)[:1] for array in self.inputs.values()}
        return sizes.pop()[0] if len(sizes) == 1 and sizes != {()} else None


def choose_requests(
    folder: str,
    signatures: Mapping[str, SignatureDef],
    rows: Mapping[str, Mapping[str, np.ndarray]] | None,
) -> tuple[list[Request], dict[str, str]]:
    """Finds inputs for every signature.

    Args:
        folder: the SavedModel, whose warm-up records are taken.
        signatures: of its graph.
        rows: inputs by signature, which go before all else.

    Returns:
        The requests, and by signature why there is none.

    Raises:
        InputError: the warm-up records cannot be read, as the server could not.
    """
    requests = [Request(name, inputs, GIVEN) for name, inputs in (rows or {}).items()]
    given = {request.signature for request in requests}
    requests += [
        Request(name, inputs, WARM_UP)
        for name, inputs in read_warm_up(folder)
        if name not in given
    ]
    reasons = {}
    for name in sorted(signatures.keys() - {request.signature for request in requests}):
        # The initialisation of TensorFlow's own, which loading runs.
        if name.startswith("__saved_model"):
            continue
        made_up = make_up_inputs(signatures[name])
        if isinstance(made_up, str):
            reasons[name] = made_up
        else:
            requests.append(Request(name, made_up, MADE_UP))
    return requests, reasons


def make_up_inputs(signature: SignatureDef) -> dict[str, np.ndarray] | str:
    """One row of zeros and empty strings, or why that cannot be."""
    for name, info in sorted(signature.inputs.items()):
        if not info.name:
            return f"its input {name!r} is no plain tensor"
        if info.dtype != STRING and info.dtype not in NUMBERS:
            kind = DataType.Name(info.dtype)
            return f"no value can be made up for its input {name!r}, a {kind}"
    return {name: _zeros(info) for name, info in signature.inputs.items()}


def _zeros(info: TensorInfo) -> np.ndarray:
    shape = [1 if dim.size < 0 else dim.size for dim in info.tensor_shape.dim]
    if info.tensor_shape.unknown_rank:
        shape = [1]
    if info.dtype == STRING:
        return np.full(shape, b"", object)
    return np.zeros(shape, numpy_type(info.dtype))
