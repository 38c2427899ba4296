"""Batch keys, dtypes and shapes: the one contract that every folder reads.

Legend: B batch, L tokens, H and W pixels, T samples, M modalities (3).
"""

from itertools import combinations

TEXT, IMAGE, AUDIO = MODALITIES = ("text", "image", "audio")

# The seven subsets, smallest first: text, image, audio, text+image, ...
SUBSETS = tuple(
    subset for size in (1, 2, 3) for subset in combinations(MODALITIES, size)
)


def subset_name(subset: tuple[str, ...]) -> str:
    """The name of a subset in reports: ("text", "image") is "text+image"."""
    return "+".join(subset)


def features_name(modality: str) -> str:
    """The entry of a batch that holds features of a modality, computed before."""
    return f"{modality}_features"


# The subset that is all of them, by its name.
FULL = subset_name(MODALITIES)


def subset_mask(subset: tuple[str, ...]) -> list[bool]:
    """(M,) booleans, True for the modalities of the subset."""
    return [modality in subset for modality in MODALITIES]


def input_specs(model) -> dict[str, tuple[tuple[int | None, ...], str]]:
    """Shape (without B) and dtype of every entry of a batch.

    Args:
        model: a `mmtf.config.ModelConfig`.

    Returns:
        `{key: (shape, dtype)}`. `image` holds values in [0, 255], `waveform`
        in [-1, 1]; `waveform_length` is the number of valid samples;
        `presence` tells which modalities of `MODALITIES` a row has.
    """
    length = model.text.sequence_length
    size = model.image.size
    return {
        "token_ids": ((length,), "int32"),
        "padding_mask": ((length,), "int32"),
        "segment_ids": ((length,), "int32"),
        "image": ((size, size, 3), "float32"),
        "waveform": ((model.audio.num_samples,), "float32"),
        "waveform_length": ((), "int32"),
        "presence": ((len(MODALITIES),), "bool"),
    }
