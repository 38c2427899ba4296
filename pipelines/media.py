"""Media files to what a shard holds: plain JPEG or PNG, and mono 16-bit WAV.

Nothing here imports TensorFlow or mmtf, since it runs in worker processes and
in clients that have neither. Whatever the bytes are, the outcome is media or a
`MediaError`. Legend: T samples.
"""

import io
import warnings
import wave

import numpy as np
import soundfile
from PIL import Image

from pipelines.containers import is_cut_short, is_plain_jpeg, is_plain_png

# Some of Pillow's readers start other programs (EPS) or are hardly used.
IMAGE_FORMATS = (
    "JPEG", "PNG", "WEBP", "GIF", "BMP", "DIB", "TIFF", "AVIF", "JPEG2000",
    "PPM", "TGA", "ICO", "QOI",
)  # fmt: skip
JPEG_QUALITY = 92
# Half a gigabyte of float32 samples: 46 minutes at 48 kHz, 2.3 hours at 16 kHz.
MAX_SAMPLES = 2**27
BLOCK_SAMPLES = 2**14

_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class MediaError(ValueError):
    """A medium that cannot be used; the message is a short, fixed reason."""


def prepare_image(data: bytes, *, image_side: int) -> bytes:
    """Makes an upright RGB JPEG without metadata, no larger than needed.

    A JPEG or PNG that is all this already stays as it is, byte for byte.
    Transparency is laid over white; of an animation the first frame is taken.

    Args:
        data: an image file of one of `IMAGE_FORMATS`.
        image_side: longest allowed short side in pixels.

    Returns:
        A JPEG or PNG file, 8 bits a channel, grey or RGB.

    Raises:
        MediaError: the bytes are no such image, are damaged, or hold more
            pixels than Pillow's limit against decompression bombs.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _prepare_image(data, image_side)
    except MediaError:
        raise
    except Image.UnidentifiedImageError as error:
        raise MediaError("not an image of a known format") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise MediaError("more pixels than any real picture") from error
    except Exception as error:  # Damaged files make Pillow raise nearly anything.
        raise MediaError("a damaged image") from error


def _prepare_image(data, image_side):
    Image.init()
    known = [name for name in IMAGE_FORMATS if name in Image.OPEN]
    with Image.open(io.BytesIO(data), formats=known) as image:
        if min(image.size) <= image_side and _is_plain(data, image):
            image.load()
            return data
        # JPEG decodes straight to a fraction of its size; twice what is needed
        # leaves the quality to the resampling filter.
        image.draft(None, _fit(image.size, 2 * image_side))
        image.load()
        upright = _turn_upright(image)
    rgb = _to_rgb(upright)
    if min(rgb.size) > image_side:
        size = _fit(rgb.size, image_side)
        rgb = rgb.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _encode_jpeg(rgb)


def _fit(size, side):
    scale = min(1.0, side / min(size))
    return tuple(max(1, round(length * scale)) for length in size)


def _turn_upright(image):
    try:
        orientation = image.getexif().get(_ORIENTATION_TAG)
    except Exception:  # Damaged metadata is no loss of the picture.
        return image
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


def _to_rgb(image):
    if image.mode.startswith("I"):
        sixteen_bits = np.clip(np.asarray(image).astype("int64"), 0, 65535)
        return Image.fromarray((sixteen_bits // 257).astype("uint8")).convert("RGB")
    if image.mode == "F":
        raise MediaError("floating-point pixels, whose range is not known")
    if image.has_transparency_data:
        colour = image.convert("RGBA")
        white = Image.new("RGBA", colour.size, "white")
        return Image.alpha_composite(white, colour).convert("RGB")
    return image.convert("RGB")


def _encode_jpeg(rgb):
    rgb.info = {}  # Pillow would write a comment found here.
    encoded = io.BytesIO()
    rgb.save(encoded, format="JPEG", quality=JPEG_QUALITY)
    return encoded.getvalue()


def _is_plain(data, image):
    # TensorFlow's decoder reads such a file as Pillow does.
    if image.format == "JPEG":
        return image.mode in ("L", "RGB") and is_plain_jpeg(data)
    return image.format == "PNG" and is_plain_png(data)


def prepare_audio(data: bytes, *, sample_rate_hz: int | None) -> bytes:
    """Makes a mono 16-bit WAV at the given rate.

    Args:
        data: an audio file of any format that libsndfile reads.
        sample_rate_hz: the wanted rate, or None for the file's own.

    Returns:
        A WAV file with the canonical header of 44 bytes.

    Raises:
        MediaError: the bytes are no such file, are damaged or cut short, hold
            no sample, one that is no number, or more than `MAX_SAMPLES`.
    """
    try:
        samples, source_rate_hz = _read_mono(data)
        sample_rate_hz = sample_rate_hz or source_rate_hz
        samples = _resample(samples, source_rate_hz, sample_rate_hz)
    except (MediaError, ImportError):
        raise
    except Exception as error:  # libsndfile's and soxr's errors share no base.
        raise MediaError(
            "not an audio file of a known format, or a damaged one"
        ) from error
    if not len(samples):
        raise MediaError("no audio in the file")
    return _encode_wav(samples, sample_rate_hz)


def _read_mono(data):
    if is_cut_short(data):
        raise MediaError("an audio file that is cut short")
    blocks, num_samples = [], 0
    with soundfile.SoundFile(io.BytesIO(data)) as sound:
        # In blocks, so that a lying header cannot ask for memory.
        while len(block := sound.read(BLOCK_SAMPLES, "float32", always_2d=True)):
            blocks.append(block.mean(axis=1))  # (T, channels) -> (T,)
            num_samples += len(block)
            if num_samples > MAX_SAMPLES:
                raise MediaError("audio that is too long")
        if num_samples < sound.frames:
            raise MediaError("an audio file that is cut short")
        return np.concatenate([np.empty(0, "float32"), *blocks]), sound.samplerate


def _resample(samples, source_rate_hz, sample_rate_hz):
    if not np.isfinite(samples).all():
        raise MediaError("audio with samples that are no numbers")
    if source_rate_hz == sample_rate_hz:
        return samples
    if len(samples) / source_rate_hz * sample_rate_hz > MAX_SAMPLES:
        raise MediaError("audio that is too long")
    import soxr  # Clients that send a file's own rate lack it.

    return soxr.resample(samples, source_rate_hz, sample_rate_hz)


def _encode_wav(samples, sample_rate_hz):
    # 32768 is also what libsndfile divides by: 16-bit sources stay exact.
    pcm = np.clip(np.rint(samples * 32768.0), -32768, 32767).astype("<i2")
    encoded = io.BytesIO()
    with wave.open(encoded, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(sample_rate_hz)
        writer.writeframes(pcm.tobytes())
    return encoded.getvalue()
