"""Ink -> a photograph of it: paper, light, ruling, blur and noise. The way back is digits.ink."""

import cv2
import numpy as np


def photograph(ink, rng):
    """Photograph ink on a sheet of paper that is drawn at random.

    ink: (h, w) float32 in [0, 1]. rng: numpy.random.Generator.
    Returns (side, side) uint8, side 48 to 112: mostly dark ink on light paper, else the reverse;
    the ink lies anywhere in it, and is always stronger than ruling and noise.
    """
    side = int(rng.integers(48, 113))
    contrast = np.exp(rng.uniform(*np.log([0.12, 0.95])))
    sheet = contrast * lay(ink, side, rng)
    if rng.random() < 0.3:
        sheet = np.maximum(sheet, contrast * rng.uniform(0.1, 0.45) * ruling(side, rng))
    picture = light(sheet.shape, rng) * (1 - sheet)
    if rng.random() < 0.5:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.2))
    noise = rng.normal(0, rng.uniform(0, min(0.04, contrast / 8)), picture.shape)
    picture = np.clip((picture + noise) * 255, 0, 255).astype(np.uint8)
    return 255 - picture if rng.random() < 0.15 else picture


def on_desk(page, rng):
    """Photograph a page that lies on a wooden desk, seen a little askew, in uneven light.

    page: (H, W) uint8, dark on white. Returns a larger picture, (H, W) uint8.
    """
    height, width = page.shape
    longest = max(page.shape)
    margin = longest // 4
    size = width + 2 * margin, height + 2 * margin
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + margin + rng.uniform(-0.02, 0.02, (4, 2)) * longest
    turn = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), rng.uniform(-8, 8), 1)
    moved = cv2.transform(moved[np.newaxis], turn)[0].astype(np.float32)
    way = cv2.getPerspectiveTransform(corners, moved)
    paper, there = (
        cv2.warpPerspective(sheet, way, size)
        for sheet in (page / np.float32(255), np.ones(page.shape, np.float32))
    )
    grain = cv2.GaussianBlur(rng.normal(0, 1, size[::-1]).astype(np.float32), (0, 0), 40, None, 1.2)
    desk = rng.uniform(0.1, 0.7) + 0.05 * grain / grain.std()
    shade = 0.3 * cv2.GaussianBlur(there, (0, 0), longest / 200)
    picture = 0.95 * paper + (1 - there) * (1 - shade) * desk
    picture = light(picture.shape, rng) * picture + rng.normal(0, 0.01, picture.shape)
    return np.clip(255 * picture, 0, 255).astype(np.uint8)


def lay(ink, side, rng):
    """Ink somewhere on a sheet, in a size that is drawn too."""
    size = int(side * rng.uniform(0.45, 1))
    sheet = np.zeros((side, side), np.float32)
    top, left = rng.integers(0, side - size, 2, endpoint=True)
    sheet[top : top + size, left : left + size] = cv2.resize(
        ink, (size, size), interpolation=cv2.INTER_AREA
    )
    return sheet


def ruling(side, rng):
    """Lines along, and as often as not across: ruled or squared paper."""
    sheet = np.zeros((side, side), np.float32)
    spacing, first = rng.integers(12, 40), rng.integers(0, 12)
    sheet[first::spacing] = 1
    if rng.random() < 0.5:
        sheet[:, first::spacing] = 1
    return sheet


def light(shape, rng):
    """Brightness of the paper: a slope, a vignette, and at times the soft edge of a shadow."""
    y, x = np.ix_(*[np.linspace(-1, 1, side, dtype=np.float32) for side in shape])
    direction = rng.uniform(0, 2 * np.pi)
    across = x * np.cos(direction) + y * np.sin(direction)
    brightness = 1 + rng.uniform(0, 0.25) * across - rng.uniform(0, 0.15) * (x**2 + y**2)
    if rng.random() < 0.3:
        softness = np.exp(rng.uniform(*np.log([0.03, 0.5])))
        edge = 1 / (1 + np.exp(-(across - rng.uniform(-0.8, 0.8)) / softness))
        brightness *= 1 - rng.uniform(0.1, 0.5) * edge
    return brightness * rng.uniform(0.5, 0.95) / brightness.max()
