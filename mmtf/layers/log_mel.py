"""The log-mel front end.

Legend: B batch, T samples, F frames, D mel bands.
"""

import math
import warnings

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="mmtf")
class LogMel(keras.layers.Layer):
    """Waveforms as pictures: decibels per mel band and frame, scaled to about 1.

    Frames start at multiples of the hop; the last ones are filled up with zeros.
    The operations are tensorflow-io's, those of them that are plain TensorFlow,
    so that a saved model needs nothing of tensorflow-io.

    Args:
        sample_rate_hz: samples per second.
        num_mel_bins: bands (D), evenly spaced in mel up to half the sample rate.
        window_seconds: length of a frame's Hann window.
        hop_seconds: time from one frame to the next.

    Call arguments:
        waveform: float tensor (B, T) in [-1, 1].

    Returns:
        Float tensor (B, F, D), about -1 for silence and 1 for the loudest tone.
    """

    def __init__(
        self,
        sample_rate_hz,
        num_mel_bins=64,
        window_seconds=0.025,
        hop_seconds=0.010,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.sample_rate_hz = sample_rate_hz
        self.num_mel_bins = num_mel_bins
        self.window_seconds = window_seconds
        self.hop_seconds = hop_seconds
        self.window_samples = round(window_seconds * sample_rate_hz)
        self.hop_samples = round(hop_seconds * sample_rate_hz)
        self.autocast = False  # 16-bit samples would be noise below -50 dB

    def num_frames(self, num_samples):
        """Frames of a waveform of so many samples."""
        return math.ceil(num_samples / self.hop_samples)

    def call(self, waveform):
        audio = _tensorflow_io_audio()
        x = audio.spectrogram(
            ops.cast(waveform, "float32"),
            nfft=2 ** math.ceil(math.log2(self.window_samples)),
            window=self.window_samples,
            stride=self.hop_samples,
        )
        x = audio.melscale(
            x,
            rate=self.sample_rate_hz,
            mels=self.num_mel_bins,
            fmin=0,
            fmax=self.sample_rate_hz / 2,
        )
        # A finite top_db would cut every row at a level below the batch's loudest.
        decibels = audio.dbscale(x, top_db=math.inf)
        return ops.cast((decibels + 25) / 75, self.compute_dtype)

    def compute_output_shape(self, waveform_shape):
        batch, num_samples = waveform_shape
        return (batch, self.num_frames(num_samples), self.num_mel_bins)

    def get_config(self):
        config = {
            "sample_rate_hz": self.sample_rate_hz,
            "num_mel_bins": self.num_mel_bins,
            "window_seconds": self.window_seconds,
            "hop_seconds": self.hop_seconds,
        }
        return {**super().get_config(), **config}


def _tensorflow_io_audio():
    with warnings.catch_warnings():
        # The import says that native kernels are missing; none of them is used.
        warnings.simplefilter("ignore")
        import tensorflow_io

    return tensorflow_io.audio
