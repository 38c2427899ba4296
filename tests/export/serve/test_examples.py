import numpy as np
import pytest

from export.protocol import Example, Input
from export.runtime import StatusError
from export.serve.examples import read_examples
from tests.export.serve.example_models import make_example


def test_examples_are_a_vector_of_bytes():
    input_ = Input()
    input_.example_list.examples.extend([make_example(x=1), make_example()])

    examples = read_examples(input_)

    assert examples.shape == (2,)
    assert examples.tolist() == [make_example(x=1).SerializeToString(), b""]


def test_the_context_is_merged_into_each():
    input_ = Input()
    input_.example_list_with_context.examples.extend(
        [make_example(x=1), make_example(y=2)]
    )
    input_.example_list_with_context.context.CopyFrom(make_example(y=5, z=6))

    merged = [Example.FromString(data) for data in read_examples(input_)]

    assert merged == [make_example(x=1, y=5, z=6), make_example(y=2, z=6)]


@pytest.mark.parametrize("kind", ["example_list", "example_list_with_context", None])
def test_there_must_be_examples(kind):
    input_ = Input()
    if kind:
        getattr(input_, kind).SetInParent()

    with pytest.raises(StatusError, match="^INVALID_ARGUMENT: Input is empty.$"):
        read_examples(input_)


def test_a_single_long_example_stays_one_element():
    example = Example()
    example.features.feature["image"].bytes_list.value.append(bytes(10**6))
    input_ = Input()
    input_.example_list.examples.append(example)

    examples = read_examples(input_)

    assert examples.dtype == np.dtype(object)
    assert Example.FromString(examples[0]) == example
