"""Whether XLA compiles what is being traced."""

import tensorflow as tf
from tensorflow.python.ops import control_flow_util


def inside_xla() -> bool:
    """Whether the graph at hand is a function that XLA compiles as a whole.

    TensorFlow has no public way to ask.
    """
    graph = tf.compat.v1.get_default_graph()
    return control_flow_util.GraphOrParentsInXlaContext(graph)
