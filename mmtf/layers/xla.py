"""Whether XLA compiles what is being traced."""

import tensorflow as tf
from tensorflow.python.ops import control_flow_util


def inside_xla() -> bool:
    """Whether the graph at hand is a function that XLA compiles as a whole.

    TensorFlow has no public way to ask.
    """
    graph = tf.compat.v1.get_default_graph()
    return control_flow_util.GraphOrParentsInXlaContext(graph)


def compiles_whole_models() -> bool:
    """Whether XLA is to compile whole models.

    On a GPU it is the default. On the CPU it would merge the programs of a
    `SeparableBlock`, and compute much of them again.
    """
    return bool(tf.config.list_physical_devices("GPU"))
