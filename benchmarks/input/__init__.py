"""mmtf's input pipeline beside WebDataset's.

    python -m benchmarks.input DATA --manifest MANIFEST

WebDataset runs in processes of the environment that `make bench` installs.
"""
