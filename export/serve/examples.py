"""The Input of Classify, Regress and MultiInference: serialized tf.Examples."""

import numpy as np

from export.protocol import Input
from export.runtime import Code, StatusError


def read_examples(input_: Input) -> np.ndarray:
    """A vector of bytes, one for each example.

    The context's bytes come before each example's, which is how protocol buffers
    merge messages: a feature that both have is the example's.

    Raises:
        StatusError: INVALID_ARGUMENT: there is no example.
    """
    kind = input_.WhichOneof("kind")
    examples = getattr(input_, kind).examples if kind else ()
    if not examples:
        raise StatusError(Code.INVALID_ARGUMENT, "Input is empty.")
    context = b""
    if kind == "example_list_with_context":
        context = input_.example_list_with_context.context.SerializeToString()
    array = np.empty(len(examples), object)
    array[:] = [context + example.SerializeToString() for example in examples]
    return array
