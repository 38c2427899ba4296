"""The corruptions that robustness is measured against, and their levels."""

from collections.abc import Callable
from dataclasses import dataclass

import tensorflow as tf

from mmtf.features import AUDIO, IMAGE, MODALITIES, TEXT
from pipelines.corruption import images, sounds, typos

Row = dict[str, tf.Tensor]


@dataclass(frozen=True, kw_only=True)
class Corruption:
    """One way to make a modality worse."""

    name: str
    modality: str
    unit: str
    """Of the levels."""
    levels: tuple[float, ...]
    """From the mildest to the worst."""
    function: Callable[[tf.Tensor, float, tf.Tensor], tf.Tensor]
    """From a text, an image or valid samples, a level and a seed to the same, worse."""

    def at(self, level: float, *, seed: int) -> Callable[[Row, tf.Tensor], Row]:
        """What `pipelines.eval_dataset` takes as `corrupt`.

        The draws depend on the seed and the row's number alone: batches and threads
        do not matter, and each level makes the same noise, only more of it.

        Args:
            level: in `unit`.
            seed: same seed, same noise.

        Returns:
            Function from a row and its number to the row; one that lacks the
            modality stays as it is.
        """
        present = MODALITIES.index(self.modality)

        def corrupt(row, number):
            seeds = tf.stack([tf.constant(seed, tf.int64), tf.cast(number, tf.int64)])
            return tf.cond(
                row["presence"][present],
                lambda: self._changed(row, level, seeds),
                lambda: row,
            )

        return corrupt

    def _changed(self, row, level, seeds):
        if self.modality != AUDIO:  # A text or image stands under its own name.
            changed = self.function(row[self.modality], level, seeds)
            return {**row, self.modality: changed}
        waveform, length = row["waveform"], row["waveform_length"]
        valid = self.function(waveform[:length], level, seeds)
        padded = tf.pad(valid, [[0, tf.size(waveform) - length]])
        return {**row, "waveform": tf.ensure_shape(padded, waveform.shape)}


def _unseeded(function):
    return lambda value, level, seed: function(value, level)


CORRUPTIONS = (
    Corruption(
        name="typos",
        modality=TEXT,
        unit="% of characters",
        levels=(2, 5, 10, 20, 40),
        function=typos.add_typos,
    ),
    # Levels of ImageNet-C; its blur is of 1 to 6 pixels in images of 224.
    Corruption(
        name="blur",
        modality=IMAGE,
        unit="% of the side",
        levels=(0.5, 1, 1.5, 2, 3),
        function=_unseeded(images.blur),
    ),
    Corruption(
        name="noise",
        modality=IMAGE,
        unit="% of the range",
        levels=(8, 12, 18, 26, 38),
        function=images.add_noise,
    ),
    Corruption(
        name="compression",
        modality=IMAGE,
        unit="JPEG quality",
        levels=(25, 18, 15, 10, 7),
        function=_unseeded(images.compress),
    ),
    Corruption(
        name="white noise",
        modality=AUDIO,
        unit="dB SNR",
        levels=(30, 20, 10, 5, 0, -5),
        function=sounds.add_white_noise,
    ),
    Corruption(
        name="clipping",
        modality=AUDIO,
        unit="% of samples",
        levels=(1, 5, 10, 25, 50),
        function=_unseeded(sounds.clip),
    ),
)
