import json
import subprocess
import sys

import pytest
import tensorflow as tf

from mmtf.distribution import make_strategy, split_cpu
from mmtf.errors import InputError


def first_losses(*, virtual_devices, batch_size, rows):
    arguments = map(str, (virtual_devices, batch_size, rows))
    done = subprocess.run(
        [sys.executable, "-m", "tests.mmtf.first_losses", *arguments],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.large
def test_two_devices_give_the_losses_of_one():
    one = first_losses(virtual_devices=1, batch_size=8, rows=32)
    two = first_losses(virtual_devices=2, batch_size=8, rows=32)
    assert len(one["losses"]) == 4
    assert two["losses"] == pytest.approx(one["losses"], abs=1e-4)
    assert two["evaluated"] == pytest.approx(one["evaluated"], abs=1e-4)


@pytest.mark.large
def test_devices_share_a_batch_that_does_not_divide_evenly():
    one = first_losses(virtual_devices=1, batch_size=10, rows=10)
    three = first_losses(virtual_devices=3, batch_size=10, rows=10)
    assert three["epoch"] == pytest.approx(one["epoch"], abs=1e-4)


def test_one_strategy_has_one_replica():
    assert make_strategy("one").num_replicas_in_sync == 1


def test_devices_cannot_change_once_something_was_computed():
    tf.constant(1.0)
    with pytest.raises(InputError, match="before the first computation.*devices=5"):
        split_cpu(5)
