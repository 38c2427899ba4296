"""Sums over long sequences, written as XLA makes fast loops of them.

On the CPU, XLA fuses padding into whatever reads it, as a branch for each element, and
sums element by element. Slices that are added to each other become vector
instructions.

Legend: B batch, T time steps, D width, P taps.
"""

from collections.abc import Callable, Sequence

from keras import ops

_NUM_SLICES = 8


def tap_offsets(kernel_size: int, dilation: int) -> list[int]:
    """How many steps each tap of a "same" convolution looks ahead."""
    reach = dilation * (kernel_size - 1)
    return [dilation * tap - reach // 2 for tap in range(kernel_size)]


def shifted_sum(inputs, kernel, offsets: Sequence[int]):
    """A depthwise convolution as sums of shifted slices.

    Args:
        inputs: float tensor (B, T, D), T being known.
        kernel: float tensor (P, D).
        offsets: of each tap; those of `tap_offsets` make a "same" convolution, their
            negatives its transpose.

    Returns:
        Float tensor (B, T, D): at step t the sum over taps p of
        `kernel[p] * inputs[t + offsets[p]]`, steps outside being zero.
    """
    length = inputs.shape[1]
    edges = {0, length}
    for offset in offsets:
        edges |= {min(max(-offset, 0), length), min(max(length - offset, 0), length)}
    edges = sorted(edges)
    # Between two edges, the same taps lie inside.
    pieces = [
        _piece(inputs, kernel, offsets, start, stop)
        for start, stop in zip(edges[:-1], edges[1:], strict=True)
    ]
    return ops.concatenate(pieces, axis=1)


def _piece(inputs, kernel, offsets, start, stop):
    length = inputs.shape[1]
    terms = [
        inputs[:, start + offset : stop + offset] * kernel[tap]
        for tap, offset in enumerate(offsets)
        if start + offset >= 0 and stop + offset <= length
    ]
    return sum(terms) if terms else ops.zeros_like(inputs[:, start:stop])


def sum_over_time(term: Callable, *sequences):
    """Sums a function of sequences over their steps, in one pass.

    Args:
        term: takes slices (B, S, ...) of the sequences, gives (B, S, D).
        *sequences: tensors (B, T, ...), T being known.

    Returns:
        Float tensor (B, D).
    """
    length = sequences[0].shape[1]
    size = length // _NUM_SLICES
    rest = [sequence[:, size * _NUM_SLICES :] for sequence in sequences]
    total = ops.sum(term(*rest), axis=1) if length % _NUM_SLICES else 0
    if size:
        slices = [
            term(*(sequence[:, i * size : (i + 1) * size] for sequence in sequences))
            for i in range(_NUM_SLICES)
        ]
        total = total + ops.sum(sum(slices), axis=1)
    return total


def correlate_over_time(term: Callable, outputs, inputs, offsets: Sequence[int]):
    """What the kernel of `shifted_sum` needs for its gradient.

    Args:
        term: takes slices of both, gives (B, S, D).
        outputs: float tensor (B, T, D).
        inputs: tuple of tensors (B, T, ...).
        offsets: of each tap.

    Returns:
        Float tensor (B, P, D): for each tap the sum over steps t of
        `term(outputs[t], inputs[t + offset])`.
    """
    length = outputs.shape[1]
    sums = []
    for offset in offsets:
        start, stop = max(-offset, 0), min(length - offset, length)
        if start >= stop:
            sums.append(ops.zeros_like(outputs[:, 0]))
            continue
        shifted = [sequence[:, start + offset : stop + offset] for sequence in inputs]
        sums.append(sum_over_time(term, outputs[:, start:stop], *shifted))
    return ops.stack(sums, axis=1)
