import mmap

from benchmarks.training import memory

MIB = 2**20


def test_the_peak_stays_until_it_is_forgotten():
    memory.forget_peak()
    before = memory.resident_bytes()
    # Mapped by hand: the C library may keep what is freed.
    with mmap.mmap(-1, 64 * MIB) as pages:
        pages.write(bytes([1]) * (64 * MIB))
        held = memory.resident_bytes()

    assert held - before > 60 * MIB
    assert memory.peak_bytes() > held - MIB  # The kernel counts threads in batches.
    memory.forget_peak()
    assert memory.peak_bytes() < held - 30 * MIB
