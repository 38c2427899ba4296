"""Raw strings to the batch of mmtf/features.py: the one way, for all callers.

Training, evaluation and the served graph go through the same `Preprocessor`,
which is why a served answer equals an evaluated one. Legend: B rows.
"""

from typing import Literal

import tensorflow as tf
from keras_hub.models import BertTokenizer

from mmtf.config import ModelConfig
from mmtf.errors import InputError
from mmtf.features import MODALITIES
from pipelines.audio import decode_any_rate, decode_audio
from pipelines.image import decode_image
from pipelines.lenient_images import decode_or_drop
from pipelines.limits import refuse, refuse_long_audio, refuse_long_texts
from pipelines.strict_images import decode_or_fail
from pipelines.text import clean, pack
from pipelines.wav_header import read_header

OnBadMedia = Literal["absent", "error"]


class Preprocessor:
    """Deterministic preprocessing for one model.

    Args:
        config: gives lengths, sizes and the sample rate.
        tokenizer: the run's own.
    """

    def __init__(self, config: ModelConfig, tokenizer: BertTokenizer):
        self.config = config
        self.tokenizer = tokenizer

    def media(self, image: tf.Tensor, audio: tf.Tensor) -> dict[str, tf.Tensor]:
        """One row's media: scalar strings to `image`, `waveform`, its length.

        They must be as shards hold them.
        """
        waveform, length = decode_audio(audio, **self._audio_format)
        pixels = decode_image(image, size=self.config.image.size)
        return {"image": pixels, "waveform": waveform, "waveform_length": length}

    @property
    def _audio_format(self):
        audio = self.config.audio
        return {
            "num_samples": audio.num_samples,
            "sample_rate_hz": audio.sample_rate_hz,
        }

    def tokens(self, text: tf.Tensor) -> dict[str, tf.Tensor]:
        """(B,) strings to `token_ids`, `padding_mask` and `segment_ids`."""
        return pack(
            clean(text),
            tokenizer=self.tokenizer,
            sequence_length=self.config.text.sequence_length,
        )

    def batch(
        self,
        text: tf.Tensor,
        image: tf.Tensor,
        audio: tf.Tensor,
        *,
        on_bad_media: OnBadMedia = "absent",
    ) -> dict[str, tf.Tensor]:
        """A request: three (B,) string tensors, B at least 1, to the model's inputs.

        The empty string stands for an absent modality; so does text that
        cleaning leaves empty. Audio may be WAV of any rate and width. A modality that
        the model is built without is not looked at, and absent.

        Args:
            text: UTF-8.
            image: JPEG, PNG, BMP or GIF files.
            audio: WAV files.
            on_bad_media: what becomes of media that cannot be decoded: they count
                as absent, or the request fails.

        Raises:
            tf.errors.InvalidArgumentError: a row is larger than pipelines/limits.py
                allows, or its media are broken and `on_bad_media` is "error". The
                message names the row.
        """
        text, image, audio = self._read_by_model(text, image, audio)
        header = read_header(audio)
        checks = [refuse_long_texts(text), refuse_long_audio(header.claimed_seconds)]
        with tf.control_dependencies(checks):
            text, image, audio = map(tf.identity, (text, image, audio))
        decode_images, keep_sound = _ON_BAD_MEDIA[on_bad_media]
        pixels, has_image = decode_images(image, size=self.config.image.size)
        waveform, length, sound = decode_any_rate(audio, header, **self._audio_format)
        has_audio = keep_sound(audio, sound)
        return {
            **self.tokens(text),
            "image": pixels,
            "waveform": waveform,
            "waveform_length": length,
            "presence": tf.stack([clean(text) != "", has_image, has_audio], axis=-1),
        }

    def _read_by_model(self, *strings):
        return [
            value
            if modality in self.config.modalities
            else tf.fill(tf.shape(value), "")
            for modality, value in zip(MODALITIES, strings, strict=True)
        ]


def _drop_broken_audio(audio, sound):
    return sound


def _fail_on_broken_audio(audio, sound):
    rule = "`audio` must be a WAV file of PCM or floats, or empty."
    check = refuse((audio != "") & ~sound, rule, "other or damaged bytes")
    with tf.control_dependencies([check]):
        return tf.identity(sound)


_ON_BAD_MEDIA = {
    "absent": (decode_or_drop, _drop_broken_audio),
    "error": (decode_or_fail, _fail_on_broken_audio),
}


def require_on_bad_media(value: str) -> None:
    """Requires one of the names that `Preprocessor.batch` knows.

    Raises:
        InputError: it is another.
    """
    if value not in _ON_BAD_MEDIA:
        raise InputError(
            f"`on_bad_media` must be {' or '.join(_ON_BAD_MEDIA)}. Received: {value!r}."
        )


def presence(text: tf.Tensor, image: tf.Tensor, audio: tf.Tensor) -> tf.Tensor:
    """Which modalities there are: strings of shape S to bool S + (3,)."""
    return tf.stack([clean(text) != "", image != "", audio != ""], axis=-1)
