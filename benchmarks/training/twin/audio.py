"""The audio encoder's twin: Conv-TasNet, as torchaudio writes it.

The norms are PyTorch's own GroupNorm with one group, which is fast but knows no
padding: the twin is for waveforms that fill the batch, and is spared the masks.

Legend: B batch, T samples, F frames.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

_NORM_EPSILON = 1e-8
_DEVIATION_EPSILON = 1e-6


class AudioEncoder(nn.Module):
    """Encoder and separator of Conv-TasNet, pooled to mean and deviation.

    Args:
        config: the audio section of the model's config, as a dict.

    Reference:
        Luo and Mesgarani 2019, https://arxiv.org/abs/1809.07454, sections II-B to
        II-D and table I.
    """

    def __init__(self, config: dict):
        super().__init__()
        filters, bottleneck = config["num_filters"], config["bottleneck_dim"]
        self.width = 2 * filters
        self.stride = config["kernel_size"] // 2
        self.front_end = nn.Conv1d(
            1, filters, config["kernel_size"], stride=self.stride, bias=False
        )
        self.norm = nn.GroupNorm(1, filters, eps=_NORM_EPSILON)
        self.bottleneck = nn.Conv1d(filters, bottleneck, 1)
        self.blocks = nn.ModuleList(
            Block(
                bottleneck,
                config["hidden_dim"],
                config["block_kernel_size"],
                dilation=2**block,
            )
            for _ in range(config["num_repeats"])
            for block in range(config["num_blocks"])
        )
        self.activation = nn.PReLU()
        self.output = nn.Conv1d(bottleneck, filters, 1)

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Features (B, D) of `waveform` (B, T)."""
        waveform = batch["waveform"]
        num_frames = -(-waveform.shape[1] // self.stride)
        padding = (num_frames + 1) * self.stride - waveform.shape[1]
        x = F.relu(self.front_end(F.pad(waveform[:, None, :], (0, padding))))
        x = self.bottleneck(self.norm(x))  # (B, channels, F)
        total = 0
        for block in self.blocks:
            x, skip = block(x)
            total = total + skip
        x = self.output(self.activation(total))
        variance, mean = torch.var_mean(x, dim=-1, correction=0)
        return torch.cat([mean, torch.sqrt(variance + _DEVIATION_EPSILON)], dim=-1)


class Block(nn.Module):
    """One dilated block of the separator.

    Args:
        width: channels between blocks.
        hidden: channels inside.
        kernel_size: taps of the depthwise convolution.
        dilation: frames from one tap to the next.
    """

    def __init__(self, width: int, hidden: int, kernel_size: int, dilation: int):
        super().__init__()
        self.expand = nn.Conv1d(width, hidden, 1)
        self.expand_activation = nn.PReLU()
        self.expand_norm = nn.GroupNorm(1, hidden, eps=_NORM_EPSILON)
        self.depthwise = nn.Conv1d(
            hidden,
            hidden,
            kernel_size,
            padding=dilation * (kernel_size - 1) // 2,
            dilation=dilation,
            groups=hidden,
        )
        self.depthwise_activation = nn.PReLU()
        self.depthwise_norm = nn.GroupNorm(1, hidden, eps=_NORM_EPSILON)
        self.residual_and_skip = nn.Conv1d(hidden, 2 * width, 1)

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """The inputs plus the residual, and the skip, each (B, width, F)."""
        x = self.expand_norm(self.expand_activation(self.expand(inputs)))
        x = self.depthwise_norm(self.depthwise_activation(self.depthwise(x)))
        residual, skip = self.residual_and_skip(x).chunk(2, dim=1)
        return inputs + residual, skip
