"""In processes of their own: the settings are the process's, for good."""

import subprocess
import sys

MEASURE = """
import ctypes, resource
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
def kept(size=20 * 2**20):
    touch(size)
    return touch(size) < size / 4096 / 10
def touch(size):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    block = ctypes.c_void_p(libc.malloc(size))
    libc.memset(block, 1, size)
    libc.free(block)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
"""


def run(code):
    command = [sys.executable, "-c", MEASURE + code]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_freed_memory_stays_with_the_process():
    code = """
from mmtf.memory import keep_freed_memory
libc.mallopt(-3, 2**17)  # as TensorFlow sets it
print(kept(), keep_freed_memory(), kept())
"""
    assert run(code) == ["False", "True", "True"]


def test_it_stays_during_training_whatever_tensorflow_says():
    code = """
import keras, numpy as np, tensorflow as tf
from mmtf.memory import KeepFreedMemory
class Measure(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        print(kept(2**20))
with tf.distribute.MirroredStrategy().scope():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
data = tf.data.Dataset.from_tensors((np.ones((2, 3)), np.ones((2, 1)))).repeat(4)
model.fit(data, callbacks=[KeepFreedMemory(), Measure()], verbose=0)
"""
    assert run(code)[1:] == ["True"] * 3
