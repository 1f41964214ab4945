"""A photo as it may be kept: its pixels and nothing else. Pure: no database, no clock.

The file is judged by its content, its size is read before it is decoded, and what is kept is a new JPEG made of the
pixels: no position, no serial number, no comment, no thumbnail of what was cut away.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageFile, ImageOps

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 24_000_000
EDGE = 1600  # pixels of the longer edge that is kept
QUALITY = 80
KINDS = ("JPEG", "PNG", "WEBP", "HEIF")  # HEIF is what telephones call HEIC

pillow_heif.register_heif_opener()


class BadPhoto(ValueError):
    """Why the file is not taken: one of `empty`, `bytes`, `kind`, `pixels`, `broken`."""


@dataclass(frozen=True)
class Pixels:
    """A JPEG without metadata, at most `EDGE` pixels wide and high."""

    jpeg: bytes
    width: int
    height: int


def read(data: bytes) -> Pixels:
    """The pixels of an uploaded file, turned as the camera was held; `BadPhoto` says why not."""
    if not data:
        raise BadPhoto("empty")
    if len(data) > MOST_BYTES:
        raise BadPhoto("bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is looked at right here
            image = Image.open(io.BytesIO(data), formats=KINDS)  # the header alone
    except Image.DecompressionBombError:
        raise BadPhoto("pixels") from None
    except Exception:  # noqa: BLE001  a decoder fed with anything may fail in any way
        raise BadPhoto("kind") from None
    if image.width * image.height > MOST_PIXELS:
        raise BadPhoto("pixels")
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # the PDF renderer, where it is loaded, lets half a picture pass
    try:
        image.draft("RGB", (EDGE, EDGE))  # a JPEG is decoded no larger than it is needed
        image.thumbnail((EDGE, EDGE), reducing_gap=2)
        return _copy(_upright(image))
    except Exception:  # noqa: BLE001  as above
        raise BadPhoto("broken") from None


def _upright(image: Image.Image) -> Image.Image:
    """As the camera was held, where the file says so in a way that can be read."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001  what stands beside the pixels may be anything
        return image


def _copy(image: Image.Image) -> Pixels:
    """A new image: whatever else the old one carried stays behind. What is transparent becomes white."""
    paper = Image.new("RGB", image.size, "white")
    colours = image.convert("RGBA")
    paper.paste(colours, mask=colours.getchannel("A"))
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Pixels(out.getvalue(), paper.width, paper.height)
