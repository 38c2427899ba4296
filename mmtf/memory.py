"""How the process gets its memory from the system."""

import ctypes

import keras

# <malloc.h> of the GNU C library.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LARGEST_MMAP_THRESHOLD = 32 * 2**20
_NEVER = 2**31 - 1


class KeepFreedMemory(keras.callbacks.Callback):
    """Keeps the memory of one step for the next.

    A step allocates and frees the same gigabytes each time. Once a GeneratorDataset
    is made, as MirroredStrategy does for every pass over a dataset, TensorFlow tells
    the C library to map each block of more than 128 KiB anew (its
    `ApplyPython311MemoryPatch`), and every step pays a page fault for each 4 KiB of
    it: on a virtual machine half of the time. So this is said again at each step,
    when the pass has begun; it costs a microsecond. The peak is about a quarter
    higher with it.
    """

    def on_train_batch_begin(self, batch, logs=None):
        keep_freed_memory()

    def on_test_batch_begin(self, batch, logs=None):
        keep_freed_memory()


def keep_freed_memory() -> bool:
    """Has the C library keep what is freed, but for blocks above 32 MiB.

    Returns:
        Whether it could be set; elsewhere than on the GNU C library it cannot.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    settings = {
        _M_MMAP_THRESHOLD: _LARGEST_MMAP_THRESHOLD,
        _M_TRIM_THRESHOLD: _NEVER,
        # Other arenas shrink by a rule that no threshold changes.
        _M_ARENA_MAX: 1,
    }
    return all([mallopt(name, value) for name, value in settings.items()])
