import os
import subprocess
import sys

CODE = """
import os
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
print(os.environ['TF_CPU_ALLOCATOR_USE_BFC'])
"""


def page_faults_and_setting(**environment):
    command = [sys.executable, "-c", CODE]
    environment = {**os.environ, **environment}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    faults, setting = done.stdout.split()
    return int(faults), setting


def test_large_tensors_reuse_memory_unless_told_otherwise():
    faults, setting = page_faults_and_setting()
    assert setting == "1"
    assert faults < 10 * 2**26 // 4096 / 10  # a tenth of the pages of ten results
    # How the C library does without is up to the machine.
    assert page_faults_and_setting(TF_CPU_ALLOCATOR_USE_BFC="0")[1] == "0"
