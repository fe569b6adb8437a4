"""Ink -> a photograph of it: paper, light, ruling, blur and noise. The way back is digits.image."""

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
    picture = light(side, rng) * (1 - sheet)
    if rng.random() < 0.5:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.2))
    noise = rng.normal(0, rng.uniform(0, min(0.04, contrast / 8)), picture.shape)
    picture = np.clip((picture + noise) * 255, 0, 255).astype(np.uint8)
    return 255 - picture if rng.random() < 0.15 else picture


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


def light(side, rng):
    """Brightness of the paper: a slope, a vignette, and at times the soft edge of a shadow."""
    x, y = np.meshgrid(*[np.linspace(-1, 1, side, dtype=np.float32)] * 2)
    direction = rng.uniform(0, 2 * np.pi)
    across = x * np.cos(direction) + y * np.sin(direction)
    brightness = 1 + rng.uniform(0, 0.25) * across - rng.uniform(0, 0.15) * (x**2 + y**2)
    if rng.random() < 0.3:
        softness = np.exp(rng.uniform(*np.log([0.03, 0.5])))
        edge = 1 / (1 + np.exp(-(across - rng.uniform(-0.8, 0.8)) / softness))
        brightness *= 1 - rng.uniform(0.1, 0.5) * edge
    return brightness * rng.uniform(0.5, 0.95) / brightness.max()
