"""What Classify and Regress share: one signature, run on tf.Examples."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from export.protocol import ModelSpec
from export.runtime import Code, StatusError
from export.serve.examples import read_examples
from export.serve.model_spec import describe, require_model_spec, signature_name

INPUT = "inputs"


@dataclass(frozen=True)
class ExampleRun:
    """A signature's answers to examples.

    Attributes:
        model_spec: what answered.
        signature: its SignatureDef.
        answers: arrays by output.
        num_examples: how many were sent.
    """

    model_spec: ModelSpec
    signature: object
    answers: Mapping[str, np.ndarray]
    num_examples: int


def run_examples(
    models,
    request,
    choose_outputs: Callable[[object], list[str]],
    timeout_seconds: float | None,
) -> ExampleRun:
    """Runs the signature that a request means on the examples it brings.

    Args:
        models: the Models that are served.
        request: a ClassificationRequest or RegressionRequest.
        choose_outputs: the outputs to compute of a SignatureDef; refuses those of
            another kind.
        timeout_seconds: how long the computation may take.

    Raises:
        StatusError: with the code and the text for the client.
    """
    require_model_spec(request)
    with models.use(request.model_spec) as servable:
        name = signature_name(request.model_spec)
        signature = find_signature(servable, name)
        outputs = choose_outputs(signature)
        examples = read_examples(request.input)
        answers = servable.run(
            name, {INPUT: examples}, outputs=outputs, timeout_seconds=timeout_seconds
        )
        spec = ModelSpec()
        describe(spec, servable, name)
    return ExampleRun(spec, signature, answers, len(examples))


def find_signature(servable, name: str):
    """The SignatureDef by its name.

    Raises:
        StatusError: INVALID_ARGUMENT: there is none.
    """
    if name not in servable.signatures:
        raise invalid(f"No signature was found with the name: {name}")
    return servable.signatures[name]


def invalid(message: str) -> StatusError:
    """An INVALID_ARGUMENT."""
    return StatusError(Code.INVALID_ARGUMENT, message)


def shape_name(array: np.ndarray) -> str:
    """A shape as the server writes it."""
    return "[" + ",".join(map(str, array.shape)) + "]"
