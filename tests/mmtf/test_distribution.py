import json
import subprocess
import sys

import pytest
import tensorflow as tf

from mmtf.distribution import make_strategy, split_cpu
from mmtf.errors import InputError


def first_losses(virtual_devices):
    done = subprocess.run(
        [sys.executable, "-m", "tests.mmtf.first_losses", str(virtual_devices)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.large
def test_two_devices_give_the_losses_of_one():
    one, two = first_losses(1), first_losses(2)
    assert len(one["losses"]) == 4
    assert two["losses"] == pytest.approx(one["losses"], abs=1e-4)
    # Batches of 11, 11 and 10 rows do not divide evenly.
    assert two["odd"] == pytest.approx(one["odd"], abs=1e-4)


def test_one_strategy_has_one_replica():
    assert make_strategy("one").num_replicas_in_sync == 1


def test_devices_cannot_change_once_something_was_computed():
    tf.constant(1.0)
    with pytest.raises(InputError, match="before the first computation.*devices=5"):
        split_cpu(5)
