import numpy as np

from benchmarks.training import memory

MIB = 2**20


def test_the_peak_stays_until_it_is_forgotten():
    memory.forget_peak()
    before = memory.resident_bytes()
    array = np.ones(64 * MIB, np.uint8)
    held = memory.resident_bytes()
    del array

    assert held - before > 60 * MIB
    assert memory.peak_bytes() > held - MIB  # The kernel counts threads in batches.
    memory.forget_peak()
    assert memory.peak_bytes() < held - 30 * MIB
