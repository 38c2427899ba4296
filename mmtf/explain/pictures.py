"""What a page shows of media: pictures and sound as data URIs, and a waveform.

Legend: H and W pixels, T samples.
"""

import io

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure
from PIL import Image
from scipy.ndimage import gaussian_filter

from mmtf.explain.explanation import SPAN_SECONDS
from mmtf.report.media import data_uri, wav
from mmtf.report.svg import color, style, to_svg

_SIDE_PIXELS = 384
_FOR, _AGAINST = np.array([30, 150, 80]), np.array([210, 50, 40])
_STRONGEST = 0.85
_WAVEFORM_POINTS = 400


def picture(image: np.ndarray) -> str:
    """An image (H, W, 3) in [0, 255] as a PNG."""
    return _png(_enlarged(image))


def heat_map(image: np.ndarray, values: np.ndarray) -> str:
    """The image in grey, coloured where it speaks for (green) or against (red).

    Args:
        image: (H, W, 3) in [0, 255].
        values: (H, W) attributions; they are blurred by a 32nd of the picture, as
            those of neighbouring pixels mostly differ in sign.
    """
    smooth = gaussian_filter(values.astype("float64"), max(values.shape) / 32)
    strength = _STRONGEST * np.abs(smooth) / (np.abs(smooth).max() or 1.0)
    grey = np.repeat(image.mean(axis=-1, keepdims=True), 3, axis=-1)
    tint = np.where(smooth[..., None] > 0, _FOR, _AGAINST)
    strength = strength[..., None]
    return _png(_enlarged((1 - strength) * grey + strength * tint))


def sound(waveform: np.ndarray, sample_rate_hz: int) -> str:
    """A waveform (T,) in [-1, 1] as a WAV."""
    samples = np.clip(np.rint(waveform * 32767), -32768, 32767).astype("<i2")
    return data_uri("audio/wav", wav(samples.tobytes(), 1, 2, sample_rate_hz))


def waveform_plot(
    name: str,
    alternative: str,
    waveform: np.ndarray,
    spans: np.ndarray,
    *,
    sample_rate_hz: int,
    y_label: str,
) -> Markup:
    """The waveform above, and below it a bar for each span of 100 ms.

    Args:
        name: unique on the page.
        alternative: what is seen, in words.
        waveform: (T,) in [-1, 1].
        spans: attributions of each 100 ms.
        sample_rate_hz: of the waveform.
        y_label: what the bars show.
    """
    with style():
        figure = Figure(figsize=(5.6, 3.2), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True)
        seconds, low, high = _envelope(waveform, sample_rate_hz)
        above.fill_between(seconds, low, high, color=color("quiet"), linewidth=0)
        above.set_ylabel("amplitude")
        middles = (np.arange(len(spans)) + 0.5) * SPAN_SECONDS
        colors = [color("good" if value > 0 else "bad") for value in spans]
        below.bar(middles, spans, width=0.85 * SPAN_SECONDS, color=colors)
        below.axhline(0, color=color("quiet"), linewidth=0.8)
        below.set_ylabel(y_label)
        below.set_xlabel("seconds")
        for axes in (above, below):
            axes.tick_params(length=0)
        return to_svg(figure, name, alternative)


def _envelope(waveform, sample_rate_hz):
    """Lowest and highest sample of each of a few hundred stretches."""
    starts = np.unique(np.linspace(0, len(waveform) - 1, _WAVEFORM_POINTS, dtype=int))
    low, high = (f.reduceat(waveform, starts) for f in (np.minimum, np.maximum))
    return starts / sample_rate_hz, low, high


def _enlarged(pixels):
    image = Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype("uint8"))
    return image.resize((_SIDE_PIXELS, _SIDE_PIXELS), Image.Resampling.BICUBIC)


def _png(image):
    file = io.BytesIO()
    image.save(file, format="PNG")
    return data_uri("image/png", file.getvalue())
