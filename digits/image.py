"""The bytes of a picture -> its grey, upright, whatever format and colours they have."""

import contextlib
import re
from io import BytesIO

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from digits.canvas import read_canvas

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
LONGEST = 30_000  # pixels, the longest side that is taken
LARGEST = 1600  # pixels, the longest side worked on; larger pictures are reduced to it
ONE_SHADE = 16  # levels of 255, by which brightness varies within one ink or paper at most

# A JPEG's marker and what must follow it: it cannot occur within a scan, and hardly in the video
# that phones put behind a picture.
START_OF_SCAN = re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e][\x01-\x04]")
MOST_SCANS = 100  # a progressive JPEG has about ten; thousands take minutes to decode
IS_NONE = "This is not a PNG, JPEG, WebP, GIF, BMP or TIFF picture."
IS_HEIC = (
    "This is a HEIC picture, as iPhones take them, which is not read here. Send it as JPEG; Safari "
    "does so by itself."
)
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")  # brands of its files
DAMAGED = "The picture is damaged or cut short. Save or send it again."

Image.MAX_IMAGE_PIXELS = None  # Pillow's limit is not ours, which is checked before decoding


class PictureError(ValueError):
    """These bytes cannot be read as a picture; the message says why, in the user's words."""


class Empty(PictureError):
    """No bytes at all."""


class UnknownFormat(PictureError):
    """Not in any of FORMATS."""


class TooManyPixels(PictureError):
    """Larger than the limit, by its own header: nothing was decoded."""


class Damaged(PictureError):
    """In one of FORMATS, but broken."""


def decode(data, max_pixels, taken=0):
    """Decode a picture to grey.

    data: the bytes of a PNG, JPEG, WebP, GIF, BMP or TIFF; of several frames the first counts.
    max_pixels: how many it may have, with those that pictures read before it have taken.
    Returns (grey, size): (H, W) uint8, upright by its EXIF orientation, at most LARGEST pixels
    along a side; and the (width, height) of the picture as sent, upright too.
    Raises Empty, UnknownFormat, TooManyPixels or Damaged.
    """
    if not data:
        raise Empty("The image is empty. Choose or send another.")
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        is_heic = data[4:8] == b"ftyp" and data[8:12] in HEIC
        raise UnknownFormat(IS_HEIC if is_heic else IS_NONE) from error
    except Exception as error:  # decoders raise a dozen kinds between them
        raise Damaged(DAMAGED) from error
    size = image.size
    limit = max_pixels // 2 if image.format == "WEBP" else max_pixels  # its decoder needs as much
    if image.width * image.height > limit or max(size) > LONGEST:
        raise TooManyPixels(
            f"The picture has more than {limit:,} pixels, or a side of more than {LONGEST:,}. "
            "Scale it down and try again."
        )
    if image.width * image.height > max_pixels - taken:
        raise TooManyPixels(
            f"Together the pictures have more than {max_pixels:,} pixels. Send fewer at once."
        )
    if image.format in ("JPEG", "MPO") and len(START_OF_SCAN.findall(data)) > MOST_SCANS:
        raise Damaged(DAMAGED)
    if max(size) <= LARGEST and (grey := read_canvas(data)) is not None:
        return grey, size
    try:
        image.draft("L", (LARGEST, LARGEST))  # a JPEG is decoded no larger than it is needed
        image.load()
    except Exception as error:
        raise Damaged(DAMAGED) from error
    if image.mode == "P" and image.palette is None:
        raise Damaged(DAMAGED)
    with contextlib.suppress(Exception):  # a picture whose EXIF is broken is still a picture
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
        if orientation != 1:
            size = size[::-1] if orientation in (5, 6, 7, 8) else size
            ImageOps.exif_transpose(image, in_place=True)  # which fails when it has turned it
    return to_grey(image), size


def to_grey(image):
    """A PIL image of any mode -> (H, W) uint8, at most LARGEST pixels along a side."""
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits, 32 bits, floating point
        return to_bytes(reduce(np.asarray(image, np.float32)))
    if image.has_transparency_data:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        alpha = image.getchannel("A")
        if alpha.getextrema() != (255, 255):
            return flatten(reduce(np.asarray(image.convert("L"))), reduce(np.asarray(alpha)))
    if image.mode not in ("1", "L", "P", "RGB", "RGBA"):
        image = image.convert("RGB")
    return reduce(np.asarray(image.convert("L")))


def to_bytes(values):
    """Deep grey -> (H, W) uint8: from 0 to the top of the least depth that holds the values.

    That is one bit, or eight and more.
    """
    values = np.nan_to_num(values, posinf=0, neginf=0)
    most = values.max()
    top = 1 if most <= 1 else 2 ** max(8, int(most).bit_length()) - 1
    return (values.clip(0, top) / top * 255).astype(np.uint8)


def flatten(grey, alpha):
    """Lay a transparent picture onto paper: its grey and its opacity, (H, W) uint8 each.

    Where most is transparent, or the rest is all of one brightness, what is not transparent is
    ink, and the paper is given the other brightness: white for dark ink, black for light.
    Otherwise the transparent part takes the paper's own brightness, the median.
    """
    opaque = grey[alpha > alpha.max() // 2]  # a highlighter's ink may be translucent
    if opaque.size == 0:
        return np.full_like(grey, 255)
    middle = np.median(opaque)
    if 2 * opaque.size < alpha.size or np.ptp(np.percentile(opaque, [2, 98])) < ONE_SHADE:
        paper = 255 if middle < 128 else 0
    else:
        paper = middle
    coverage = alpha.astype(np.float32) / 255
    return (grey * coverage + paper * (1 - coverage)).round().astype(np.uint8)


def reduce(pixels, longest=LARGEST):
    """Area-average (H, W), or (H, W, channels), down to that many pixels along the longest side."""
    height, width = pixels.shape[:2]
    factor = longest / max(height, width)
    if factor >= 1:
        return pixels
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
