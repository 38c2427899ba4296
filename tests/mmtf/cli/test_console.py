import os
import subprocess
import sys

CODE = """
import resource
from mmtf.cli.console import start_tensorflow
start_tensorflow()
import tensorflow as tf
double = tf.function(lambda x: 2 * x)
x = tf.zeros(2**24)
double(x)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    double(x)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(**environment):
    command = [sys.executable, "-c", CODE]
    environment = {**os.environ, **environment}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_large_tensors_reuse_memory_unless_told_otherwise():
    pages = 10 * 2**26 // 4096  # of ten results
    assert page_faults() < pages / 10
    assert page_faults(TF_CPU_ALLOCATOR_USE_BFC="0") > pages / 2
