"""Whatever the file, the paper, the pen and the light: the ink is the same."""

import struct

import cv2
import numpy as np
import pytest
from conftest import encode
from PIL import Image
from strokes import draw, write

from digits.image import MOST_SCANS, Damaged, Empty, TooManyPixels, UnknownFormat, decode
from digits.ink import find_ink, noise_of

LIMIT = 10_000_000
FIVE = draw(5)
INK = 1 - FIVE / np.float32(255)


def ink_of(data):
    return find_ink(decode(data, LIMIT)[0])


def difference(ink, other=INK):
    """Ink that is not where it should be, as a share of all ink."""
    return np.abs(ink - other).sum() / other.sum()


def transparent(colour, alpha):
    return np.dstack([np.full((*alpha.shape, 3), colour, np.uint8), alpha])


FILES = {
    "png grey": encode(FIVE),
    "png rgb": encode(FIVE, "RGB"),
    "png 1 bit": encode(FIVE, "1"),
    "png palette": encode(FIVE, "P"),
    "png grey and alpha": encode(FIVE, "LA"),
    "png 16 bit": encode(FIVE.astype(np.uint16) * 257),
    "png black on transparent": encode(transparent(0, 255 - FIVE)),
    "png white on transparent": encode(transparent(255, 255 - FIVE)),
    "png colour on transparent": encode(transparent((200, 30, 30), 255 - FIVE)),
    "gif transparent colour": encode(255 - FIVE, "1", "GIF", transparency=0),
    "jpeg": encode(FIVE, format="JPEG", quality=90),
    "jpeg of several, as some phones make them": encode(
        FIVE, "L", "MPO", save_all=True, append_images=[Image.fromarray(draw(1))]
    ),
    "jpeg cmyk": encode(FIVE, "CMYK", "JPEG", quality=90),
    "webp": encode(FIVE, "RGB", "WEBP", quality=90),
    "bmp": encode(FIVE, "RGB", "BMP"),
    "tiff": encode(FIVE, "RGB", "TIFF"),
    "tiff float": encode(FIVE / np.float32(255), format="TIFF"),
    "tiff float, a pixel infinite": encode(
        np.where(np.arange(280) == 3, np.float32(np.inf), FIVE / np.float32(255)), format="TIFF"
    ),
    "png 16 bit, 9 used": encode((FIVE * 1.2).astype(np.uint16)),
    "png 16 bit, 8 used": encode(FIVE.astype(np.uint16)),
    "png 16 bit, one of its greys transparent": encode(
        FIVE.astype(np.uint16) * 160 + 20_000, transparency=1234
    ),
    "gif animated": encode(
        FIVE, format="GIF", save_all=True, append_images=[Image.fromarray(draw(1))]
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_and_mode_gives_the_same_ink(name):
    assert difference(ink_of(FILES[name])) < 0.12


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone(orientation):
    stored = {
        1: FIVE,
        2: FIVE[:, ::-1],
        3: FIVE[::-1, ::-1],
        4: FIVE[::-1],
        5: FIVE.T,
        6: np.rot90(FIVE),
        7: FIVE[::-1, ::-1].T,
        8: np.rot90(FIVE, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(np.ascontiguousarray(stored), format="PNG", exif=exif)
    assert difference(ink_of(data)) < 0.01


def test_broken_exif_does_not_lose_the_picture():
    assert difference(ink_of(encode(FIVE, format="JPEG", exif=b"Exif\0\0nonsense"))) < 0.12


def light(kind):
    y, x = np.mgrid[0:280, 0:280] / 279
    return {
        "even": np.full((280, 280), 0.5),
        "slope": 0.35 + 0.6 * x,
        "vignette": 1 - 1.1 * ((x - 0.5) ** 2 + (y - 0.5) ** 2),
        "shadow": 0.9 - 0.4 / (1 + np.exp((x + 0.3 * y - 0.6) * 40)),
    }[kind]


@pytest.mark.parametrize("kind", ["even", "slope", "vignette", "shadow"])
@pytest.mark.parametrize("noise", [0, 3])
@pytest.mark.parametrize("is_chalk", [False, True])
def test_light_is_divided_out(kind, noise, is_chalk):
    grain = np.random.default_rng(0).normal(0, noise, FIVE.shape)
    photo = (FIVE * 0.8 + 51) * light(kind) + grain
    if is_chalk:
        photo = 255 - photo
    ink = ink_of(encode(photo.clip(0, 255).astype(np.uint8)))
    assert difference(ink * (ink > 0.5), INK * (INK > 0.5)) < 0.2


@pytest.mark.parametrize("kind", ["slope", "vignette"])
@pytest.mark.parametrize("is_chalk", [False, True])
def test_a_small_number_in_uneven_light_is_found(kind, is_chalk):
    photo = np.full((1200, 1200), 255, np.uint8)
    small = draw(5, 60)
    photo[500:560, 500:560] = small
    brightness = cv2.resize(light(kind), photo.shape)
    photo = (photo * brightness).astype(np.uint8)
    ink = find_ink(255 - photo if is_chalk else photo)
    assert ink[500:560, 500:560][small < 50].mean() > 0.8
    ink[500:560, 500:560] = 0
    assert ink.max() < 0.5


@pytest.mark.parametrize("is_chalk", [False, True])
def test_lines_and_digits_that_shut_paper_in_do_not_turn_polarity(is_chalk):
    number = np.pad(write("020", pen=0.09), ((40, 60), (40, 40)), constant_values=255)
    for down in (140, 155):
        cv2.line(number, (50, down), (number.shape[1] - 60, down), 0, 5)
    photo = number * np.linspace(0.4, 0.7, number.shape[1])
    grey = photo.astype(np.uint8)
    ink = find_ink(255 - grey if is_chalk else grey)
    assert ink[number < 50].mean() > 0.8
    assert ink[number == 255].mean() < 0.1


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0), (90, 140), (140, 90), (215, 255)])
def test_polarity_and_contrast_do_not_matter(ink, paper):
    assert difference(ink_of(encode(draw(5, ink=ink, paper=paper)))) < 0.06


def test_polarity_is_told_by_the_border_not_by_the_mean():
    mostly_ink = np.full((100, 100), 255, np.uint8)
    for left in (5, 36, 67):
        mostly_ink[5:95, left : left + 28] = 0
    assert mostly_ink.mean() < 100
    ink = ink_of(encode(mostly_ink))
    assert ink[0, 0] == 0
    assert ink[50, 50] == 1


BLANK = {
    "white": np.full((50, 50), 255),
    "black": np.zeros((50, 50)),
    "one pixel": np.full((1, 1), 7),
    "one row": np.full((1, 300), 90),
    "slope": np.add.outer(np.arange(200), np.arange(200)) * 0.4 + 90,
    "grain": np.random.default_rng(0).normal(200, 1.5, (200, 200)),
}


@pytest.mark.parametrize("name", BLANK)
def test_paper_alone_has_no_ink(name):
    assert not ink_of(encode(BLANK[name].astype(np.uint8))).any()


def test_nothing_to_see_through_is_blank():
    assert not ink_of(encode(np.zeros((40, 40, 4), np.uint8))).any()


def test_large_pictures_are_reduced_and_their_size_is_told():
    grey, size = decode(encode(np.zeros((2000, 3200), np.uint8)), LIMIT)
    assert (grey.shape, size) == ((1000, 1600), (3200, 2000))
    grey, size = decode(encode(np.zeros((2400, 6400), np.uint8), format="JPEG"), 20_000_000)
    assert (grey.shape, size) == ((600, 1600), (6400, 2400))


def test_the_size_told_is_that_of_the_upright_picture():
    exif = Image.Exif()
    exif[0x0112] = 6
    grey, size = decode(encode(np.zeros((100, 300), np.uint8), format="JPEG", exif=exif), LIMIT)
    assert (grey.shape, size) == ((300, 100), (100, 300))


def test_so_it_is_where_a_tag_of_the_exif_is_of_a_wrong_type():
    maker = struct.pack("<HHII", 0x010F, 11, 1, 0)  # a number
    turned = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2) + maker + turned + bytes(4)
    sent = encode(np.zeros((100, 300), np.uint8), format="JPEG", exif=exif)
    grey, size = decode(sent, LIMIT)
    assert (grey.shape, size) == ((300, 100), (100, 300))


def test_a_video_behind_a_photo_is_no_damage():
    video = np.random.default_rng(0).bytes(9_000_000)
    assert video.count(b"\xff\xda") > MOST_SCANS
    grey, _ = decode(FILES["jpeg"] + video, LIMIT)
    assert np.array_equal(grey, decode(FILES["jpeg"], LIMIT)[0])


TRUNCATED = {
    name: FILES[name][: len(FILES[name]) // 2]
    for name in ("png grey", "jpeg", "webp", "bmp", "tiff")
}
COLOURED = encode(draw(5), "P", "PNG")
PALETTE = slice(COLOURED.index(b"PLTE") - 4, COLOURED.index(b"IDAT") - 4)
BAD = {
    "empty": (b"", Empty),
    "text": (b"a text file named digit.png", UnknownFormat),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>', UnknownFormat),
    "pdf": (b"%PDF-1.7\n1 0 obj", UnknownFormat),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", UnknownFormat),
    "heic": (b"\0\0\0\x24ftypheic" + bytes(99), UnknownFormat),
    "png signature alone": (b"\x89PNG\r\n\x1a\n", UnknownFormat),
    "too many pixels, by the header alone": (
        encode(np.zeros((4000, 4000), np.uint8))[:200],
        TooManyPixels,
    ),
    "bomb": (encode(np.zeros((20_000, 20_000), bool), "1"), TooManyPixels),
    "a palette that is not there": (COLOURED.replace(COLOURED[PALETTE], b""), Damaged),
    **{f"truncated {name}": (data, Damaged) for name, data in TRUNCATED.items()},
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_picture_is_refused_in_words(name):
    data, kind = BAD[name]
    with pytest.raises(kind, match=r"\w+ .*\.$"):
        decode(data, LIMIT)


def test_what_to_do_with_an_iphone_s_picture_is_said():
    with pytest.raises(UnknownFormat, match=r"HEIC picture, as iPhones take them.* as JPEG"):
        decode(BAD["heic"][0], LIMIT)


@pytest.mark.parametrize("sigma", [2, 5, 10])
def test_noise_is_measured_beside_strokes(sigma):
    noisy = FIVE * 0.5 + 60 + np.random.default_rng(0).normal(0, sigma, FIVE.shape)
    assert noise_of(noisy.astype(np.uint8)) == pytest.approx(sigma, rel=0.2)


def test_a_clean_picture_has_no_noise():
    assert noise_of(FIVE) == 0


@pytest.mark.parametrize("seed", range(5))
def test_ink_is_told_from_grain_that_is_a_fifth_as_strong(seed):
    small = draw(5, 64, pen=0.1)
    faint = 150 - 25 * (1 - small / 255) + np.random.default_rng(seed).normal(0, 5, small.shape)
    ink = find_ink(faint.astype(np.uint8))
    assert ink[small < 100].mean() > 0.6
    assert ink[small == 255].mean() < 0.06


@pytest.mark.parametrize("paper", [140, 170, 200])
def test_ink_is_told_from_the_dots_of_a_dithered_picture(paper):
    """One bit a pixel, as old scanners and faxes make them of grey paper."""
    drawn = draw(5, 280, pen=0.08)
    grey = 30 + (paper - 30) * (drawn / 255)
    dithered = np.asarray(Image.fromarray(grey.astype(np.uint8)).convert("1"), np.uint8) * 255
    ink = find_ink(dithered)
    assert ink[drawn < 50].mean() > 0.6
    assert ink[drawn == 255].mean() < 0.06


@pytest.mark.parametrize("across", [False, True])
def test_ruling_is_taken_off(across):
    ruled = FIVE.copy()
    ruled[10::40] = np.minimum(ruled[10::40], 160)
    if across:
        ruled[:, 15::40] = np.minimum(ruled[:, 15::40], 160)
    assert difference(find_ink(ruled)) < 0.1


def test_a_bar_from_edge_to_edge_that_is_as_strong_as_ink_is_kept():
    picture = np.full((60, 40), 255, np.uint8)
    picture[8:14] = 0  # the bar of a seven that was cut out close
    picture[14:52, 28:34] = 0
    assert find_ink(picture)[10].min() == 1


def test_single_dots_are_dropped():
    dotted = FIVE.copy()
    dotted[::17, ::13] = 255 - dotted[::17, ::13]
    assert difference(find_ink(dotted)) < 0.05


@pytest.mark.parametrize(("paper", "ink"), [(200, 160), (170, 90), (128, 10), (60, 120)])
def test_on_plain_paper_a_stray_pixel_does_not_decide_which_is_ink(paper, ink):
    grey = np.uint8(paper + (ink - paper) * INK)
    plain = find_ink(grey)
    grey[40, 30] = 0 if ink > paper else 255
    assert difference(plain) < 0.1
    assert difference(find_ink(grey)) < 0.1


def test_ruling_on_plain_paper_that_ends_short_of_the_edge_is_taken_off():
    ruled = FIVE.copy()
    for row in range(20, 270, 32):
        ruled[row : row + 2, 3:-3] = np.minimum(ruled[row : row + 2, 3:-3], 190)
    assert difference(find_ink(ruled)) < 0.1


@pytest.mark.parametrize("shape", [(1, 1), (4, 1), (1, 4), (3, 1), (2, 2), (1, 500), (500, 1)])
def test_the_smallest_pictures_have_ink_of_their_shape(shape):
    for seed in range(5):
        grey = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
        assert find_ink(grey).shape == shape
