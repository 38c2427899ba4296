"""How the process gets its memory, set before TensorFlow asks for any."""

import ctypes

# <malloc.h> of the GNU C library.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LARGEST_MMAP_THRESHOLD = 32 * 2**20
_NEVER = 2**31 - 1


def keep_freed_memory() -> bool:
    """Has the C library keep what is freed for the next step of training.

    A step allocates and frees the same gigabytes each time. By default they go
    back to the system at once, and the next step pays a page fault for every
    4 KiB: on a virtual machine up to half of the time. The peak stays the same.

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
