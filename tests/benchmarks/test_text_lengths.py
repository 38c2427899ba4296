import pytest

from benchmarks import text_lengths
from mmtf import presets
from mmtf.errors import InputError


def test_each_length_has_a_forward_pass_and_a_training_step():
    config = presets.tiny().model.text
    works = text_lengths.make_works(config, rows=3, longest=(4, 16))
    shapes = {name: work().shape for name, work in works.items()}
    assert shapes == {
        "forward, longest 4": (3, 16),
        "forward, longest 16": (3, 16),
        "training step, longest 4": (),
        "training step, longest 16": (),
    }


def test_the_longest_text_is_as_long_as_asked():
    batch = text_lengths.text_batch(presets.tiny().model.text, rows=5, longest=7)
    assert batch["padding_mask"].numpy().sum(axis=1).max() == 7


def test_a_text_too_long_is_refused():
    with pytest.raises(
        InputError, match=r"must be 1 to 16, the tokens.*Received: \(17,\)"
    ):
        text_lengths.main("tiny", longest=(17,))
