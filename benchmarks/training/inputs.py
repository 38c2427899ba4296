"""Random batches, the same for both frameworks.

Legend: B batch, L tokens, S pixels, T samples, M modalities (3), C outputs.
"""

import itertools

import numpy as np

_SPECIAL_TOKENS = 5
_KEYS = {
    "text": ("token_ids", "segment_ids", "padding_mask"),
    "image": ("image",),
    "audio": ("waveform", "waveform_length"),
}


def random_batch(
    part: str, model: dict, batch_size: int, seed: int, *, ragged: bool = False
) -> dict[str, np.ndarray]:
    """A batch of `mmtf.features.input_specs`, of what the part reads.

    Args:
        part: `text`, `image`, `audio` or `whole`.
        model: the model's config, as a dict.
        batch_size: B.
        seed: of everything in it.
        ragged: texts of all lengths, and rows that lack modalities; otherwise
            texts fill the batch and nothing is absent. Waveforms always fill it.
    """
    random = np.random.default_rng(seed)
    batch = {
        **_text(random, model["text"], batch_size, ragged),
        **_image(random, model["image"], batch_size),
        **_audio(random, model["audio"], batch_size),
        "presence": _presence(batch_size, seed, ragged),
    }
    return batch if part == "whole" else {key: batch[key] for key in _KEYS[part]}


def random_labels(batch_size: int, num_outputs: int, seed: int) -> np.ndarray:
    """Class indices (B,)."""
    random = np.random.default_rng(seed)
    return random.integers(0, num_outputs, batch_size, np.int32)


def _text(random, config, batch_size, ragged):
    length = config["sequence_length"]
    shape = (batch_size, length)
    tokens = random.integers(
        _SPECIAL_TOKENS, config["vocabulary_size"], shape, np.int32
    )
    ends = random.integers(2, length + 1, batch_size) if ragged else length
    mask = np.arange(length) < np.broadcast_to(ends, batch_size)[:, None]
    return {
        "token_ids": tokens * mask,
        "segment_ids": np.zeros(shape, np.int32),
        "padding_mask": mask.astype(np.int32),
    }


def _image(random, config, batch_size):
    shape = (batch_size, config["size"], config["size"], 3)
    return {"image": 255 * random.random(shape, np.float32)}


def _audio(random, config, batch_size):
    num_samples = round(config["sample_rate_hz"] * config["seconds"])
    noise = 0.1 * random.standard_normal((batch_size, num_samples), np.float32)
    return {
        "waveform": np.clip(noise, -1, 1),
        "waveform_length": np.full(batch_size, num_samples, np.int32),
    }


def _presence(batch_size, seed, ragged):
    if not ragged:
        return np.ones((batch_size, 3), bool)
    # All, then each combination in turn; the next seed goes on from there.
    patterns = list(itertools.product((True, False), repeat=3))
    return np.array(
        [
            patterns[(seed * batch_size + row) % len(patterns)]
            for row in range(batch_size)
        ]
    )
