"""A shadow with an edge hides no ink, and dark things that are none are not taken for one."""

import cv2
import numpy as np
import pytest
from conftest import encode
from strokes import DIGITS, draw, write

from digits.ink import CLOSE, even, find_ink, illumination, thumbnail
from digits.read import read
from digits.shadow import is_ink_light, is_shaded, paper_around
from train.paper import light

PAGE = np.pad(write("35027"), 100, constant_values=255)


def cast(picture, corners, lost=0.45, softness=2.0):
    """A shadow on a picture; corners of it in shares of the picture's sides."""
    height, width = picture.shape
    shadow = np.zeros(picture.shape, np.float32)
    cv2.fillPoly(shadow, [(np.array(corners) * (width, height)).astype(int)], 1)
    shadow = cv2.GaussianBlur(shadow, (0, 0), softness)
    lit = picture * light(picture.shape, np.random.default_rng(0)) * 0.9
    noise = np.random.default_rng(1).normal(0, 2, picture.shape)
    return np.clip(lit * (1 - lost * shadow) + noise, 0, 255).astype(np.uint8)


SHADOWS = {
    "across": [(0.35, 0), (0.65, 0), (0.45, 1), (0.15, 1)],
    "of the left": [(0, 0), (0.45, 0), (0.4, 1), (0, 1)],
    "of the right": [(0.55, 0), (1, 0), (1, 1), (0.45, 1)],
    "from above": [(0, 0), (1, 0), (1, 0.5), (0, 0.55)],
}


@pytest.mark.parametrize("softness", [0.7, 3, 9])
@pytest.mark.parametrize("where", SHADOWS)
def test_what_lies_in_a_shadow_is_read(classifier, where, softness):
    picture = cast(PAGE, SHADOWS[where], softness=softness)
    assert read(encode(picture), classifier, 10_000_000).number == "35027"


@pytest.mark.parametrize("lost", [0.25, 0.6])
def test_a_light_shadow_or_a_deep_one(classifier, lost):
    picture = cast(PAGE, SHADOWS["across"], lost)
    assert read(encode(picture), classifier, 10_000_000).number == "35027"


@pytest.mark.parametrize("digit", DIGITS)
def test_one_large_digit_in_a_shadow_keeps_its_strokes(classifier, digit):
    picture = cast(draw(digit, 400, at=(0.2, 0.2), size=0.6), SHADOWS["across"])
    assert read(encode(picture), classifier, 10_000_000).number == str(digit)


def vignetted(picture, share):
    y, x = np.mgrid[-1 : 1 : picture.shape[0] * 1j, -1 : 1 : picture.shape[1] * 1j]
    noise = np.random.default_rng(0).normal(0, 2, picture.shape)
    return np.clip(picture * (1 - share * (x**2 + y**2) / 2) + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("is_chalk", [False, True])
@pytest.mark.parametrize("digit", range(1, 10))  # a nought's corners are like dark paper
def test_a_digit_that_is_cut_out_close_keeps_its_strokes(classifier, digit, is_chalk):
    fat = draw(digit, 280, pen=0.07)
    rows, columns = np.flatnonzero((fat < 128).any(axis=1)), np.flatnonzero((fat < 128).any(axis=0))
    close = fat[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(float)
    picture = vignetted(((255 - close) if is_chalk else close) * 0.6 + 60, 0.3)
    assert read(encode(picture), classifier, 10_000_000, "digit").number == str(digit)


def desk(picture):
    picture[:, : picture.shape[1] // 5] = 90


def thumb(picture):
    height, width = picture.shape
    cv2.ellipse(picture, (width // 2, height), (width // 6, height // 5), 0, 0, 360, 130, -1)


@pytest.mark.parametrize("lay", [desk, thumb])
@pytest.mark.parametrize("digit", DIGITS)
def test_fat_strokes_beside_a_desk_or_thumb_stay_whole(classifier, digit, lay):
    picture = draw(digit, 480, pen=0.1, at=(0.15, 0.15), size=0.7) / 255.0 * 220 + 20
    lay(picture)
    blurred = cv2.GaussianBlur(picture, (0, 0), 2).astype(np.uint8)
    reading = read(encode(blurred), classifier, 10_000_000)
    assert (reading.verdict, reading.number) == ("digit", str(digit))


def test_light_ink_on_dark_paper_may_lie_in_a_shadow_too(classifier):
    chalk = np.pad(write("35027", ink=240, paper=110), 100, constant_values=110)
    picture = cast(chalk, SHADOWS["across"])
    assert read(encode(picture), classifier, 10_000_000).number == "35027"


def missing(picture):
    coarse = thumbnail(picture)
    paper = cv2.resize(illumination(coarse), picture.shape[::-1])
    return thumbnail(cv2.subtract(paper, picture))


def test_a_shadow_is_told_from_a_thumb_and_from_strokes():
    assert is_shaded(missing(cast(PAGE, SHADOWS["across"])))
    for none in (PAGE, draw(7, pen=0.1), cv2.circle(draw(8), (0, 279), 50, 40, -1)):
        assert not is_shaded(missing(none))


def test_small_pictures_have_no_shadows():
    small = np.full((60, 60), 200, np.uint8)
    small[:, 20:34] = 110  # a fat one from edge to edge
    assert find_ink(small)[:, 22:32].min() > 0.8


def test_paper_keeps_a_shadow_s_edge_and_loses_strokes():
    paper = np.full((100, 400), 200, np.uint8)
    paper[:, 200:] = 110
    grey = paper.copy()
    grey[20:80, 100:110] = grey[20:80, 300:310] = 20
    assert np.array_equal(paper_around(grey), paper)
    assert not is_ink_light(grey, paper)
    assert is_ink_light(255 - grey, 255 - paper)


def test_paper_around_is_right_in_the_largest_pictures():
    grey = np.full((CLOSE, CLOSE), 200, np.uint8)
    assert np.array_equal(paper_around(grey), grey)


def test_what_is_shown_of_the_way_is_the_picture_without_its_shadow():
    picture = cast(np.full((300, 500), 255, np.uint8), SHADOWS["across"])
    assert even(picture).mean() < 8
