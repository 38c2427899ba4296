"""Parameters by which TensorFlow Serving merges requests into batches."""

import os
from collections.abc import Sequence

from google.protobuf import text_format

from export.protocol import BatchingParameters
from export.versions import BATCHING_PARAMETERS

_TIMEOUT_MICROS = 5000
_ENQUEUED_BATCHES = 100


def write_batching_parameters(folder: str, batch_sizes: Sequence[int]) -> None:
    """Writes the parameters of one version.

    Batches are filled up to one of the sizes that warm-up has seen. How many run at
    once is left to the server: as many as it has cores.

    Args:
        folder: the version's.
        batch_sizes: ascending.
    """
    parameters = BatchingParameters(allowed_batch_sizes=batch_sizes)
    parameters.max_batch_size.value = batch_sizes[-1]
    parameters.batch_timeout_micros.value = _TIMEOUT_MICROS
    parameters.max_enqueued_batches.value = _ENQUEUED_BATCHES
    with open(os.path.join(folder, BATCHING_PARAMETERS), "w", encoding="utf-8") as file:
        file.write(text_format.MessageToString(parameters))
