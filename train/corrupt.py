"""Fifteen corruptions of MNIST, after MNIST-C (Mu and Gilmer 2019, arXiv 1906.02337).

Ours are written anew after MNIST-C's kinds and are mostly milder, so that figures on the two do not
compare; stripes are lines, not inverted bands, and outlines (its Canny edges) give way to broken
strokes. Each takes a digit, (28, 28) float32 in [0, 1], and a numpy.random.Generator,
and returns the corrupted picture, likewise, light on dark.
"""

import cv2
import numpy as np

SIDE = 28
_Y, _X = np.mgrid[:SIDE, :SIDE].astype(np.float32)


def shot_noise(digit, rng):
    """The grain of a picture taken with little light: ten photons for full ink."""
    return np.clip(rng.poisson(digit * 10) / 10, 0, 1).astype(np.float32)


def impulse_noise(digit, rng):
    """One pixel in ten is black or white."""
    grain = rng.random(digit.shape)
    return np.where(grain < 0.1, np.float32(grain < 0.05), digit)


def glass_blur(digit, rng):
    """Pixels change places with their neighbours, between two blurs."""
    blurred = cv2.GaussianBlur(digit, (0, 0), 0.5)
    x = _X + rng.integers(-1, 2, digit.shape)
    y = _Y + rng.integers(-1, 2, digit.shape)
    swapped = cv2.remap(blurred, x.astype(np.float32), y.astype(np.float32), cv2.INTER_NEAREST)
    return cv2.GaussianBlur(swapped, (0, 0), 0.5)


def motion_blur(digit, rng):
    """The camera moved by six pixels, in any direction."""
    angle = rng.uniform(0, np.pi)
    reach = 3 * np.array([np.cos(angle), np.sin(angle)])
    steps = [affine(digit, shift=reach * step) for step in np.linspace(-1, 1, 13)]
    return np.mean(steps, axis=0, dtype=np.float32)


def shear(digit, rng):
    """By 0.3 to either side."""
    return affine(digit, [[1, rng.choice([-0.3, 0.3])], [0, 1]])


def scale(digit, rng):
    """To between 0.55 and 0.75 of its size."""
    return affine(digit, np.eye(2) / rng.uniform(0.55, 0.75))


def rotate(digit, rng):
    """By 15 to 25 degrees to either side."""
    angle = np.radians(rng.choice([-1, 1]) * rng.uniform(15, 25))
    return affine(digit, [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def translate(digit, rng):
    """By two to four pixels up or down, and as many sideways."""
    return affine(digit, shift=rng.integers(2, 5, 2) * rng.choice([-1, 1], 2))


def affine(digit, matrix=((1, 0), (0, 1)), shift=(0, 0)):
    """Sample the digit at matrix @ (x, y) + shift, (x, y) measured from its middle."""
    matrix, middle = np.array(matrix, float), np.full(2, (SIDE - 1) / 2)
    offset = middle - matrix @ middle + shift
    whole = np.column_stack([matrix, offset]).astype(np.float32)
    return cv2.warpAffine(digit, whole, digit.shape, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def brightness(digit, rng):
    """Everything is brighter by half: grey ground, and ink cut off at white."""
    return np.clip(digit + 0.5, 0, 1)


def stripes(digit, rng):
    """Grey lines across, as a worn scanner leaves them."""
    picture = digit.copy()
    picture[int(rng.integers(0, 6)) :: int(rng.integers(5, 9))] += rng.uniform(0.2, 0.5)
    return np.clip(picture, 0, 1)


def fog(digit, rng):
    """Clouds of every size, half as bright as the ink."""
    clouds = np.zeros(digit.shape, np.float32)
    for cells in (2, 4, 8):
        clouds += cv2.resize(rng.random((cells, cells), np.float32), digit.shape[::-1]) / cells
    clouds = (clouds - clouds.min()) / np.ptp(clouds)
    return np.clip(0.8 * digit + 0.5 * clouds, 0, 1)


def spatter(digit, rng):
    """Splashes beside and over the digit."""
    drops = cv2.GaussianBlur(rng.random(digit.shape, np.float32), (0, 0), 1.2)
    return np.where(drops > np.quantile(drops, 0.96), np.float32(0.8), digit)


def dotted_line(digit, rng):
    """Dots in a row from side to side."""
    return np.maximum(digit, line(across(rng, 2), rng) * (np.indices(digit.shape).sum(0) % 3 == 0))


def zigzag(digit, rng):
    """A thin zigzag from side to side."""
    points = across(rng, 9)
    points[1:-1:2, 1] += rng.uniform(2, 5)
    return np.maximum(digit, line(points, rng))


def across(rng, count):
    """Points on a straight way from the left edge to the right."""
    ends = rng.uniform(4, SIDE - 4, 2)
    return np.column_stack([np.linspace(0, SIDE, count), np.linspace(*ends, count)])


def line(points, rng):
    fine = np.zeros((4 * SIDE, 4 * SIDE), np.float32)
    cv2.polylines(fine, [np.round(4 * points).astype(np.int32)], False, 1.0, 4)
    return cv2.resize(fine, (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def broken_strokes(digit, rng):
    """Cuts of a pixel and a half right through."""
    fine = cv2.resize(digit, (4 * SIDE, 4 * SIDE), interpolation=cv2.INTER_LINEAR)
    for _ in range(3):
        start, end = rng.integers(0, 4 * SIDE, (2, 2)).tolist()
        cv2.line(fine, start, end, 0.0, 6)
    return cv2.resize(fine, (SIDE, SIDE), interpolation=cv2.INTER_AREA)


CORRUPTIONS = (
    *(shot_noise, impulse_noise, glass_blur, motion_blur, shear, scale, rotate, translate),
    *(brightness, stripes, fog, spatter, dotted_line, zigzag, broken_strokes),
)
