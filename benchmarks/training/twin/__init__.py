"""The base model once more, in PyTorch, as its users would write it.

Runs in an environment of its own (benchmarks/constraints.txt), without TensorFlow,
Keras or mmtf; sizes come as the JSON of `mmtf.config.ModelConfig`.
"""
