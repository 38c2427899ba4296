"""The base model and its twin in PyTorch, step by step beside each other.

    make bench          or          python -m benchmarks.training --help

Neither framework is imported here: each runs in processes of its own.
"""
