"""Images and recordings inside a page, as data URIs of bounded size."""

import base64
import io
import wave
from dataclasses import dataclass

from PIL import Image, ImageOps

_MAX_SIDE_PIXELS = 320
_MAX_IMAGE_BYTES = 100_000
_JPEG_QUALITY = 85
_MAX_SECONDS = 10
# About 400 kB of 16-bit samples.
_MAX_SAMPLES = 200_000


@dataclass(frozen=True)
class Picture:
    """An image to show.

    Args:
        uri: what `<img>` takes.
        width: in pixels.
        height: in pixels.
    """

    uri: str
    width: int
    height: int


@dataclass(frozen=True)
class Recording:
    """A recording to play.

    Args:
        uri: what `<audio>` takes.
        seconds: that are played.
        of_seconds: that there are.
    """

    uri: str
    seconds: float
    of_seconds: float


def picture(image: bytes) -> Picture | None:
    """An image file as it is, or smaller if it is large; None if it is broken.

    Args:
        image: a JPEG or PNG file.
    """
    try:
        with Image.open(io.BytesIO(image)) as opened:
            kind, size = opened.get_format_mimetype(), opened.size
            opened.load()
            if max(size) > _MAX_SIDE_PIXELS or len(image) > _MAX_IMAGE_BYTES:
                image, kind, size = _smaller(opened)
    # What Pillow raises for bytes that are no image, or a bomb, is of many kinds.
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return Picture(data_uri(kind, image), *size)


def _smaller(image):
    image = ImageOps.exif_transpose(image).convert("RGB")
    image.thumbnail((_MAX_SIDE_PIXELS, _MAX_SIDE_PIXELS))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=_JPEG_QUALITY)
    return file.getvalue(), "image/jpeg", image.size


def recording(audio: bytes) -> Recording | None:
    """The beginning of a WAV file, 10 s at most; None if it is broken.

    Args:
        audio: a WAV file of 16-bit samples.
    """
    try:
        with wave.open(io.BytesIO(audio)) as source:
            rate, total = source.getframerate(), source.getnframes()
            kept = min(total, _MAX_SECONDS * rate, _MAX_SAMPLES)
            samples = source.readframes(kept)
            layout = source.getnchannels(), source.getsampwidth(), rate
    except (wave.Error, EOFError):
        return None
    if kept < total:
        audio = wav(samples, *layout)
    return Recording(data_uri("audio/wav", audio), kept / rate, total / rate)


def wav(samples: bytes, channels: int, sample_bytes: int, rate_hz: int) -> bytes:
    """Samples as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as target:
        target.setnchannels(channels)
        target.setsampwidth(sample_bytes)
        target.setframerate(rate_hz)
        target.writeframes(samples)
    return file.getvalue()


def data_uri(kind: str, content: bytes) -> str:
    """A file of a MIME type, as a page holds it."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
