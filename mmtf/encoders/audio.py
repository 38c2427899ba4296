"""Audio encoders: a waveform and its length to one feature vector.

Legend: B batch, T samples, F frames, D width of the features.
"""

import keras
from keras import layers

from mmtf.config import AudioConfig
from mmtf.layers import (
    FrameMask,
    GlobalLayerNorm,
    KeepValid,
    LogMel,
    MaskedMean,
    SeparableBlock,
    StatisticsPooling,
)
from mmtf.layers.separable_block import scalar_prelu


def conv_tasnet(config: AudioConfig) -> keras.Model:
    """The encoder and separator of Conv-TasNet, pooled to one vector.

    Samples beyond the length never count, however many they are.

    Args:
        config: the audio section of the model's config.

    Returns:
        Model from `waveform` (B, T) in [-1, 1] and `waveform_length` int (B,) to
        features (B, D), where D is `2 * num_filters`: mean and standard deviation
        over the frames.

    Reference:
        Luo and Mesgarani 2019, https://arxiv.org/abs/1809.07454, sections II-B to
        II-D and table I; the pooling is Snyder et al. 2018, see
        `mmtf.layers.StatisticsPooling`.
    """
    inputs, waveform = _waveform(config)
    x, frame_mask = _learned_front_end(config, waveform, inputs["waveform_length"])
    x = GlobalLayerNorm()(x, frame_mask)
    x = layers.Dense(config.bottleneck_dim, name="bottleneck")(x)
    skips = []
    for _ in range(config.num_repeats):
        for block in range(config.num_blocks):
            x, skip = SeparableBlock(
                config.hidden_dim,
                config.block_kernel_size,
                dilation=2**block,
                rematerialize=config.rematerialize,
            )(x, frame_mask)
            skips.append(skip)
    x = scalar_prelu()(sum(skips[1:], skips[0]))
    x = layers.Dense(config.num_filters, name="output")(x)  # (B, F, N)
    features = StatisticsPooling()(x, frame_mask)
    return keras.Model(inputs, features, name="audio_encoder")


def _learned_front_end(config, waveform, length):
    stride = config.kernel_size // 2
    num_frames = -(-config.num_samples // stride)
    # A frame starts at every stride within the signal, the last ones run past it.
    padding = (num_frames + 1) * stride - config.num_samples
    x = layers.Reshape((config.num_samples, 1))(waveform)
    x = layers.ZeroPadding1D((0, padding))(x)
    x = layers.Conv1D(
        config.num_filters,
        config.kernel_size,
        strides=stride,
        use_bias=False,
        activation="relu",
        name="front_end",
    )(x)  # (B, F, N)
    return x, FrameMask(num_frames, stride)(length)


def crnn(config: AudioConfig) -> keras.Model:
    """Convolutions over a log-mel picture, then a GRU averaged over the frames.

    Each convolution halves time and frequency. Samples beyond the length never
    count, however many they are.

    Args:
        config: the audio section of the model's config.

    Returns:
        Model from `waveform` (B, T) in [-1, 1] and `waveform_length` int (B,) to
        features (B, D), where D is `hidden_dim`.

    Reference:
        Choi et al. 2017, Convolutional recurrent neural networks for music
        classification, https://arxiv.org/abs/1609.04243.
    """
    inputs, waveform = _waveform(config)
    log_mel = LogMel(config.sample_rate_hz, config.num_mel_bins)
    hop, num_frames = log_mel.hop_samples, log_mel.num_frames(config.num_samples)
    x = log_mel(waveform)
    x = layers.Reshape((*x.shape[1:], 1))(x)  # (B, F, mel bands, 1)
    for filters in config.filters:
        frame_mask = FrameMask(num_frames, hop)(inputs["waveform_length"])
        x = _halving_convolution(filters, KeepValid()(x, frame_mask))
        hop, num_frames = 2 * hop, x.shape[1]
    x = layers.Reshape((num_frames, -1))(x)
    frame_mask = FrameMask(num_frames, hop)(inputs["waveform_length"])
    # No mask: reading forward, it meets the padding after all that counts.
    x = layers.GRU(config.hidden_dim, return_sequences=True)(x)
    return keras.Model(inputs, MaskedMean()(x, frame_mask), name="audio_encoder")


def _halving_convolution(filters, x):
    # "same" would pad by the length, and so shift the frames of a longer padding.
    x = layers.ZeroPadding2D(1)(x)
    x = layers.Conv2D(filters, 3, strides=2)(x)
    return layers.ReLU()(layers.LayerNormalization()(x))


def _waveform(config):
    shape = (config.num_samples,)
    inputs = {
        "waveform": keras.Input(shape, dtype="float32", name="waveform"),
        "waveform_length": keras.Input((), dtype="int32", name="waveform_length"),
    }
    sample_mask = FrameMask(config.num_samples)(inputs["waveform_length"])
    return inputs, KeepValid()(inputs["waveform"], sample_mask)
