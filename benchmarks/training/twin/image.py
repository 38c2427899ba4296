"""The image encoder's twin."""

import torch
from torch import Tensor, nn
from transformers import ResNetConfig, ResNetModel

# Of the ImageNet weights that Keras knows, for blue, green and red.
_CHANNEL_MEANS = (103.939, 116.779, 123.68)


class ImageEncoder(nn.Module):
    """transformers' ResNet-50, averaged over the picture.

    Its convolutions have no biases. Batch normalisation cancels those that Keras's
    have, so the twin is spared them.
    """

    width = 2048

    def __init__(self):
        super().__init__()
        # As in He et al. 2016 and Keras, the first 1x1 convolution has the stride.
        self.resnet = ResNetModel(ResNetConfig(downsample_in_bottleneck=True))
        for module in self.resnet.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps, module.momentum = 1.001e-5, 0.01
        means = torch.tensor(_CHANNEL_MEANS).reshape(1, 3, 1, 1)
        self.register_buffer("channel_means", means, persistent=False)

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Features (B, 2048) of `image` (B, 3, S, S), RGB in [0, 255]."""
        pixels = batch["image"].flip(1) - self.channel_means
        return self.resnet(pixels).pooler_output.flatten(1)
