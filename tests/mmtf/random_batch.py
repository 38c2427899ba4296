"""Random batches, with nothing but the contract of `mmtf.features` to go by."""

import numpy as np

from mmtf.features import input_specs


def random_batch(config, rows, seed=0):
    """A batch of random content, lengths and presence; row 0 has no modality."""
    rng = np.random.default_rng(seed)
    tokens, samples = config.text.sequence_length, config.audio.num_samples
    shapes = {key: (rows, *shape) for key, (shape, _) in input_specs(config).items()}
    num_tokens = rng.integers(2, tokens + 1, (rows, 1))
    batch = {
        "token_ids": rng.integers(0, config.text.vocabulary_size, shapes["token_ids"]),
        "padding_mask": np.arange(tokens) < num_tokens,
        "segment_ids": rng.integers(0, 2, shapes["segment_ids"]),
        "image": rng.uniform(0, 255, shapes["image"]),
        "waveform": rng.uniform(-1, 1, shapes["waveform"]),
        "waveform_length": rng.integers(1, samples + 1, rows),
        "presence": rng.random(shapes["presence"]) < 0.7,
    }
    batch["presence"][0] = False
    return {
        key: batch[key].astype(dtype) for key, (_, dtype) in input_specs(config).items()
    }
