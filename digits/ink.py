"""A picture's grey -> how much ink lies on each pixel, whatever the paper, pen and light."""

from functools import cache

import cv2
import numpy as np

from digits.glare import without_glare
from digits.image import ONE_SHADE
from digits.letterbox import within_letterbox
from digits.shadow import (
    SMALLEST,
    edge_of,
    has_edge,
    is_ink_light,
    is_shaded,
    odd,
    paper_around,
    standing_out,
)
from digits.sheet import find_sheet, without_frame
from digits.tint import without_tint

COARSE = 96  # pixels, the longest side on which paper and light are estimated
FINE = 400  # pixels, the longest side on which hairlines are told from light and shadow, and tint
DENT = 0.9  # of the paper's brightness at the picture's edge: less than that is no paper inside
CLOSE = 720  # pixels, the longest side on which paper is told beside a shadow's edge
BARE = 0.75  # least share of a picture that is paper and nothing else, as it is on a screen
FILLED = 0.7  # share of its box from which on it is hardly ink, but a photo laid on the paper
MOST_PAPER = 0.995  # share of a picture that is surely no ink, where it holds a small digit
MARGINS = 40  # of a side, each of the two margins in which ruling may end
RULING = 0.6  # of full ink: a stroke from edge to edge that is stronger may be the digit's own
SPREAD = 0.8  # pixels, standard deviation of a Gaussian that leaves a third of the noise
GRAIN = 32  # levels of noise, as of a dithered picture, for which that is a pixel
FAINTEST = 0.04  # of the paper's brightness, the contrast under which ink is not told from noise

LEVELS = np.arange(256, dtype=np.float32)
RING = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.uint8)  # the pixels around one


def find_ink(grey, is_whole=True):
    """How much of each pixel is covered by ink.

    grey: (H, W) uint8, dark ink on light paper or light on dark; or a sheet that lies on something
    darker, with ink of its own, or a picture between black bars. is_whole: whether such bars may be
    cut off, which is done once. Returns (H, W) float32, 0 paper … 1 ink; all zeros where no ink
    stands out.
    """
    darkness = even(grey)
    window = around_ink(darkness)
    if window is not None:
        return placed(separate(without_dots(darkness[window]), 0.0), window, grey.shape)
    window = within_letterbox(grey) if is_whole else None
    if window is not None and (ink := find_ink(grey[window], is_whole=False)).any():
        return placed(ink, window, grey.shape)
    sheet = find_sheet(grey)
    if sheet is not None and (ink := ink_on(sheet, grey)).any():
        return ink
    darkness = without_tint(darkness, thumbnail(darkness, FINE))
    return unrule(separate(*denoise(darkness)))


def placed(ink, window, shape):
    """Ink in its place in the picture, which has none elsewhere."""
    whole = np.zeros(shape, np.float32)
    whole[window] = ink
    return whole


def ink_on(sheet, grey):
    """As find_ink, of a sheet, (H, W) uint8, that does not fill the picture: 1 there, else 0."""
    x, y, width, height = cv2.boundingRect(sheet)
    window = np.s_[y : y + height, x : x + width]
    darkness = even(go_on(sheet[window], grey[window]))
    return placed(without_frame(separate(*denoise(darkness)), sheet[window]), window, grey.shape)


def go_on(sheet, grey):
    """The picture as if the sheet's paper went on as far as the picture does."""
    coarse, inside = thumbnail(grey), thumbnail(255 * sheet)
    paper = cv2.inpaint(coarse, (inside < 255).view(np.uint8), 3, cv2.INPAINT_TELEA)
    paper = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(sheet, grey, paper)


def even(grey):
    """Divide the light out: (H, W) uint8, the share of the paper's light that is missing."""
    paper = int(grey[0, 0])
    if around_ink((grey != paper).view(np.uint8)) is not None:  # all paper is of that grey
        return cv2.LUT(grey, shades(paper, cv2.sumElems(grey)[0] > paper * grey.size))
    grey, coarse = without_glare(grey, thumbnail(grey))
    is_dark = is_light_on_dark(coarse, grey)
    paper = illumination(255 - coarse if is_dark else coarse)
    darkness = darker_than(255 - grey if is_dark else grey, paper)
    if min(grey.shape) < SMALLEST:
        return darkness
    # Seen in negative, a shadow is light: what is dark there is ink.
    is_cut = has_edge(255 - paper) if is_dark else has_edge(paper) or is_shaded(thumbnail(darkness))
    return even_in_shadow(grey) if is_cut else darkness


def even_in_shadow(grey):
    """As `even`, where paper lies in a shadow whose edge `illumination` would not follow.

    Light ink is told by the share of its light that the paper is missing, which shadow leaves.
    """
    close = thumbnail(grey, CLOSE)
    paper = paper_around(close)
    if is_ink_light(close, paper):
        return darker_than(cv2.resize(paper, grey.shape[::-1]), grey)
    return darker_than(grey, paper)


@cache
def shades(paper, is_light_on_dark):
    """(256,) uint8, the share of the paper's light that is missing where each grey is."""
    greys = np.arange(256, dtype=np.uint8)
    if is_light_on_dark:
        greys, paper = 255 - greys, 255 - paper
    return darker_than(greys[np.newaxis], np.full((1, 1), paper, np.uint8)).ravel()


def around_ink(darkness):
    """What to index a picture with to cut out all that is not paper, with a pixel of it around.

    darkness: (H, W) uint8, 0 on paper. None where the ink reaches the margins, as ruling may, fills
    its box, or is too much for the rest to show that there is no noise.
    """
    height, width = darkness.shape
    left, top, wide, high = cv2.boundingRect(darkness)
    right, bottom = left + wide, top + high
    across, down = width // MARGINS, height // MARGINS
    is_inside = across < left and right < width - across and down < top and bottom < height - down
    most = min((1 - BARE) * darkness.size, FILLED * wide * high)
    if not is_inside or cv2.countNonZero(darkness) > most:
        return None
    return np.s_[top - 1 : bottom + 1, left - 1 : right + 1]


def thumbnail(grey, longest=COARSE):
    """Averages of square cells, at most `longest` of them along a side."""
    height, width = grey.shape
    cell = -(-max(height, width) // longest)
    rows, columns = max(1, height // cell), max(1, width // cell)
    whole = grey[: rows * cell, : columns * cell]  # an exact multiple is ten times as fast
    return cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)


def is_light_on_dark(coarse, grey):
    """The paper is what the border mostly shows; the ink is the extreme farther from it.

    Where light and shadow along the border differ by as much as ink might, it is what goes far
    beyond what they reach there, one way alone; or what leaves most of the picture paper. Else
    narrow things are looked at: the sharper of both top-hats (Serra 1982) is of the ink. Hairlines
    first, such as a page of numbers has, then strokes of any width.
    """
    border = np.sort(edge_of(coarse))
    low, paper, high = border[[len(border) // 10, len(border) // 2, len(border) * 9 // 10]]
    dark, light = paper - int(coarse.min()), int(coarse.max()) - paper
    more, less = max(dark, light), min(dark, light)
    if more > 2 * (high - low) or more > 4 * less:
        return light > dark
    dark, light = low - int(coarse.min()), int(coarse.max()) - high
    if max(dark, light) > max(ONE_SHADE, (high - low) / 2, 6 * min(dark, light)):
        return light > dark
    fine = thumbnail(grey, FINE)
    dark = cv2.mean(darker_than(fine, illumination(coarse)))[0]
    light = cv2.mean(darker_than(255 - fine, illumination(255 - coarse)))[0]
    if max(dark, light) > 2 * min(dark, light):
        return light < dark
    dark, light = hats(fine, 1 / 80)
    if max(dark, light) > max(ONE_SHADE, 1.25 * min(dark, light)):
        return light > dark
    dark, light = hats(coarse, 3 / 20)
    return light > dark


def hats(grey, share):
    """How dark and how light what is narrower than that share of the picture is, in levels."""
    side = odd(max(grey.shape) * share)
    kernel = np.ones((side, side), np.uint8)
    for hat in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT):
        yield standing_out(cv2.morphologyEx(grey, hat, kernel, borderType=cv2.BORDER_REPLICATE))


def illumination(grey):
    """The paper's brightness under the ink: strokes are closed away, light and shadow stay.

    A morphological closing with a kernel wider than any stroke (Serra 1982), smoothed where that
    does not brighten it. At the picture's edge a slope must not be taken for ink: the edge goes
    on outside for the closing, and smoothing would brighten its dark end. Less than half of the
    edge's median is ink that runs off the picture, and paper goes on in its place.
    """
    side = odd(max(grey.shape) * 9 // 20)
    half = side // 2
    paper = int(np.median(edge_of(grey)))
    beyond = np.where(grey < paper / 2, np.uint8(paper), grey)
    wider = cv2.copyMakeBorder(beyond, half, half, half, half, cv2.BORDER_REPLICATE)
    wider[half:-half, half:-half] = grey
    closed = cv2.morphologyEx(wider, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    closed = without_dents(closed[half:-half, half:-half])
    return cv2.min(closed, cv2.blur(closed, (half, half)))


def without_dents(paper):
    """The paper's brightness as if no dark panel lay on it, (h, w) uint8.

    What reaches the picture's edge is rather paper in shadow.
    """
    dents = (paper < DENT * np.percentile(edge_of(paper), 10)).view(np.uint8)
    if not dents.any() or edge_of(dents).any():
        return paper
    dents = cv2.dilate(dents, np.ones((5, 5), np.uint8))
    return cv2.inpaint(paper, dents, 3, cv2.INPAINT_TELEA)


def darker_than(grey, paper):
    """The share of the paper's light that is missing, (H, W) uint8, 255 for all of it."""
    paper = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    # One is added on either side, or black by black would be nothing by nothing.
    one = np.ones_like(grey)  # as a number, it could not be added to four pixels in a column
    return cv2.bitwise_not(cv2.divide(cv2.add(grey, one), cv2.add(paper, one), scale=255))


def denoise(darkness):
    """Take noise out where there is any: (darkness, what noise is left in it, in levels of 255).

    The closing follows the brightest grain, so that noisy paper comes out a little dark: its local
    median is taken off, up to what the noise explains. Where ink hardly stands out, its strokes are
    joined and the grain is spread by a Gaussian; the wider, the coarser that is.
    """
    darkness = without_dots(darkness)
    noise = noise_of(darkness)
    if noise < 1:
        return darkness, 0.0
    paper = cv2.min(paper_around(thumbnail(darkness), 1 / 4), round(4 * noise))
    darkness = cv2.subtract(darkness, cv2.resize(paper, darkness.shape[::-1]))
    if share_below(darkness, 25 * noise) < MOST_PAPER:
        return darkness, noise
    spread = max(SPREAD, noise / GRAIN)
    return cv2.GaussianBlur(darkness, (0, 0), spread), noise / 3 * SPREAD / spread


def without_dots(darkness):
    """A pixel unlike all eight around it is made like the next of them."""
    return cv2.max(cv2.min(darkness, cv2.dilate(darkness, RING)), cv2.erode(darkness, RING))


def noise_of(darkness):
    """Standard deviation of the noise, in levels (Immerkær 1996).

    By the median of its differences of Laplacians, not their mean: strokes are not to count.
    """
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    differences = cv2.convertScaleAbs(cv2.filter2D(darkness, cv2.CV_16S, kernel))
    return 1.4826 / 6 * float(np.searchsorted(cumulated(differences), darkness.size / 2))


def share_below(darkness, level):
    return cumulated(darkness)[min(255, int(level))] / darkness.size


def cumulated(values):
    """(256,) how many of an array's bytes are 0, are at most 1, …"""
    return np.cumsum(cv2.calcHist([values], [0], None, [256], [0, 256]))


def separate(darkness, noise):
    """Stretch paper to 0 and ink to 1.

    What is paper and what is ink on the whole is told by Otsu's threshold (1979), which noise may
    not cross.
    """
    threshold, _ = cv2.threshold(darkness, 0, 1, cv2.THRESH_OTSU)
    counts = cv2.calcHist([darkness], [0], None, [256], [0, 256]).ravel()
    if noise:
        amount = counts[: int(threshold) + 1].cumsum()
        threshold = max(threshold, amount.searchsorted(amount[-1] / 2) + 3 * noise)
    first = int(threshold) + 1  # level of ink
    amount = counts[first:].cumsum()
    if first > 255 or amount[-1] in (0, darkness.size):
        return np.zeros(darkness.shape, np.float32)
    paper = LEVELS[:first] @ counts[:first] / (darkness.size - amount[-1])
    full = float(first + amount.searchsorted(0.9 * amount[-1]))
    if full - paper < 255 * FAINTEST:
        return np.zeros(darkness.shape, np.float32)
    paper = min(paper + noise, full - 1)
    return cv2.LUT(darkness, ((LEVELS - paper) / (full - paper)).clip(0, 1))


def unrule(ink):
    """Take ruling off: what lies on all of a row or column, and is weaker than ink crossing it."""
    for axis in (0, 1):
        margin = ink.shape[axis] // MARGINS
        whole = slice(margin, ink.shape[axis] - margin)
        lines = (ink[whole] if axis == 0 else ink[:, whole]).min(axis=axis, keepdims=True)
        lines[lines >= RULING] = 0
        if lines.any():
            ink = (ink - lines) / (1 - lines)  # what is all ink stays so
    return ink
