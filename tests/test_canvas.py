"""Drawings are decoded as Pillow decodes them, and what is more than pixels is left to it."""

import struct
from pathlib import Path
from zlib import compress, crc32, decompress

import numpy as np
import pytest
from conftest import encode
from PIL import Image
from strokes import draw

from digits import canvas, image

DRAWING = Path("tests/drawing.png").read_bytes()  # as Chromium wrote it
SIGNATURE = DRAWING[:8]
COLOURED = np.random.default_rng(0).integers(0, 256, (40, 30, 3), np.uint8)
ROTATED = Image.Exif()
ROTATED[274] = 6


def chunks_of(data):
    place = len(SIGNATURE)
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        yield kind, data[place + 8 : place + 8 + length]
        place += 12 + length


def put_together(chunks):
    whole = (kind + body for kind, body in chunks)
    return SIGNATURE + b"".join(
        struct.pack(">I", len(each) - 4) + each + struct.pack(">I", crc32(each)) for each in whole
    )


def with_pixels(body):
    kept = {b"IHDR": dict(chunks_of(DRAWING))[b"IHDR"], b"IDAT": body, b"IEND": b""}
    return put_together(kept.items())


def pixels_of(data):
    return decompress(b"".join(body for kind, body in chunks_of(data) if kind == b"IDAT"))


PLAIN = {
    "a drawing": DRAWING,
    "colours": encode(COLOURED, "RGB", "PNG"),
    "opaque colours": encode(COLOURED, "RGBA", "PNG"),
    "grey": encode(draw(3), "L", "PNG"),
    "one pixel": encode(draw(3)[:1, :1], "L", "PNG"),
}


@pytest.mark.parametrize("name", PLAIN)
def test_pixels_are_as_pillow_reads_them(name, monkeypatch):
    found = canvas.read_canvas(PLAIN[name])
    monkeypatch.setattr(image, "read_canvas", lambda _: None)
    expected, _ = image.decode(PLAIN[name], 10**6)
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).max() <= 1  # rounded another way


INTERLACED = DRAWING[:28] + b"\1"
OTHERS = {
    "transparent": encode(np.dstack([COLOURED, COLOURED[:, :, 0]]), "RGBA", "PNG"),
    "with a palette": encode(draw(3), "P", "PNG"),
    "black and white": encode(draw(3), "1", "PNG"),
    "of 16 bits": encode(draw(3), "I;16", "PNG"),
    "turned by its EXIF": encode(draw(3), "L", "PNG", exif=ROTATED),
    "with more behind it": DRAWING + b"more",
    "cut short": DRAWING[:-20],
    "without its end": DRAWING[:-12],
    "said to be interlaced": INTERLACED + crc32(INTERLACED[12:]).to_bytes(4) + DRAWING[33:],
    "with a byte flipped": DRAWING[:900] + bytes([DRAWING[900] ^ 1]) + DRAWING[901:],
    "with too few pixels": with_pixels(compress(pixels_of(DRAWING)[:500])),
    "with no pixels": with_pixels(b""),
    "of more pixels than OpenCV takes": put_together(
        [(b"IHDR", 2 * (1 << 20).to_bytes(4) + b"\x08\0\0\0\0"), (b"IDAT", b""), (b"IEND", b"")]
    ),
    "with zeros for a second's work behind its pixels": with_pixels(
        compress(pixels_of(DRAWING) + bytes(100_000_000))
    ),
    "a JPEG": encode(draw(3), "L", "JPEG"),
    "no bytes": b"",
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_more_or_less_than_pixels_is_left_to_pillow(name):
    assert canvas.read_canvas(OTHERS[name]) is None


def test_a_canvas_is_read_in_one_piece(monkeypatch):
    """Pillow sees its header alone."""
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", None)
    grey, size = image.decode(DRAWING, 10**6)
    assert grey.shape == size[::-1]
