import subprocess
import sys

import pytest


@pytest.mark.parametrize("bounded", [False, True])
def test_large_blocks_go_back_to_the_system(bounded):
    code = """
import ctypes, resource
from export.serve.memory import bound_kept_memory
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
def faults(size=8 * 2**20):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    block = ctypes.c_void_p(libc.malloc(size))
    libc.memset(block, 1, size)
    libc.free(block)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
"""
    code += "assert bound_kept_memory()\n" if bounded else ""
    # From the second time on, the C library's own rule keeps such a block.
    code += "faults(), faults(); print(faults() > 1000)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == f"{bounded}\n", done.stderr
