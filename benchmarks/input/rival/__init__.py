"""WebDataset and libjpeg-turbo: what runs in the environment of `make bench`.

Nothing here imports TensorFlow or mmtf.
"""
