"""Raw strings to the batch of mmtf/features.py: the one way, for all callers.

Training, evaluation and the served graph go through the same `Preprocessor`,
which is why a served answer equals an evaluated one.
"""

import tensorflow as tf
from keras_hub.models import BertTokenizer

from mmtf.config import ModelConfig
from pipelines.audio import decode_audio
from pipelines.image import decode_image
from pipelines.text import clean, pack


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
        """One row's media: scalar strings to `image`, `waveform`, its length."""
        waveform, length = decode_audio(
            audio,
            num_samples=self.config.audio.num_samples,
            sample_rate_hz=self.config.audio.sample_rate_hz,
        )
        pixels = decode_image(image, size=self.config.image.size)
        return {"image": pixels, "waveform": waveform, "waveform_length": length}

    def tokens(self, text: tf.Tensor) -> dict[str, tf.Tensor]:
        """(B,) strings to `token_ids`, `padding_mask` and `segment_ids`."""
        return pack(
            clean(text),
            tokenizer=self.tokenizer,
            sequence_length=self.config.text.sequence_length,
        )

    def batch(
        self, text: tf.Tensor, image: tf.Tensor, audio: tf.Tensor
    ) -> dict[str, tf.Tensor]:
        """A whole batch: three (B,) string tensors to the model's inputs.

        The empty string stands for an absent modality; so does text that
        cleaning leaves empty.
        """
        media = tf.map_fn(
            lambda row: self.media(*row),
            (image, audio),
            fn_output_signature={
                "image": tf.float32,
                "waveform": tf.float32,
                "waveform_length": tf.int32,
            },
        )
        return {
            **self.tokens(text),
            **media,
            "presence": presence(text, image, audio),
        }


def presence(text: tf.Tensor, image: tf.Tensor, audio: tf.Tensor) -> tf.Tensor:
    """Which modalities there are: strings of shape S to bool S + (3,)."""
    return tf.stack([clean(text) != "", image != "", audio != ""], axis=-1)
