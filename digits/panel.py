"""Dark panels, as of a meter, a sign or a blackboard: what is light on them is the ink there."""

import cv2
import numpy as np

from digits.normalise import INK

SMALLEST_PANEL = 0.01  # of the picture
ANGULAR = 0.85  # of the rectangle round it, a panel be it seen askew: rounder things are strokes
ROUND = 0.92  # of the circle round it, a panel that is a disc: noughts are ovals
RIM = 0.06  # of its shorter side, what its edge may be wide
LIGHT = 0.25  # of what the panel is darker than paper, so much lighter is what is written on it
DARK = 0.5  # of it that is dark at least
PLAIN = 0.9  # the same where on several panels no more than bars are light
TALL = 0.05  # of its shorter side, the height of what is written on it at least
SOLID = 0.7  # of its box: what fills more of it is a bar, or no stroke


def on_panels(ink):
    """Turn light ink on dark panels to ink, and the panels to paper.

    ink: (H, W) float32, 0 paper … 1 ink. Returns it as it is where there is no panel.
    """
    is_dark = (ink >= INK).view(np.uint8)
    outlines, _ = cv2.findContours(is_dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    smallest = SMALLEST_PANEL * ink.size
    panels = [Panel(each, ink) for each in outlines if may_be_panel(each, smallest)]
    # Without strokes on it, a disc may as well be a blot or a heavy nought.
    panels = [panel for panel in panels if panel.holds_strokes or not panel.is_disc]
    if any(panel.holds_strokes for panel in panels):
        least = DARK
    elif len(panels) > 1:
        least = PLAIN
    else:  # it may as well be a nought
        return ink
    panels = [panel for panel in panels if panel.dark >= least and panel.tall]
    turned = ink.copy() if panels else ink
    for panel in panels:
        turned[panel.window] = np.where(panel.whole, panel.light, turned[panel.window])
    return turned


def may_be_panel(outline, least):
    """Whether an outline is angular or a disc's, and holds at least so many pixels."""
    area = cv2.contourArea(outline)
    if area < least:
        return False
    _, sides, _ = cv2.minAreaRect(outline)
    return area >= ANGULAR * sides[0] * sides[1] or is_disc(outline)


def is_disc(outline):
    """Whether an outline all but fills the circle round it."""
    _, radius = cv2.minEnclosingCircle(outline)
    return cv2.contourArea(outline) >= ROUND * np.pi * radius**2


def may_be_on_disc(ink):
    """Whether a mark, (h, w) float32, may be a disc that something is light on."""
    is_dark, least = (ink >= INK).view(np.uint8), DARK * ink.size
    if cv2.countNonZero(is_dark) < least:  # as most marks, which are not asked for an outline
        return False
    outlines, _ = cv2.findContours(is_dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return any(cv2.contourArea(each) >= least and is_disc(each) for each in outlines)


class Panel:
    """What may be one.

    outline: as cv2.findContours'. ink: (H, W) float32, the picture's. In its `window` of that,
    `whole` is 1 on it, `light` is what is light on it, of which `tall` are the outlines of what may
    be strokes or bars; `dark` is how much of it is dark.
    """

    def __init__(self, outline, ink):
        self.is_disc = is_disc(outline)
        short = min(cv2.boundingRect(outline)[2:])
        rim = max(2, round(RIM * short))
        self.window, panel, inside, self.whole = cut_out(outline, ink, rim)
        self.light = light_on(inside, ink[self.window])
        self.is_light = (self.light >= INK).view(np.uint8)
        self.dark = 1 - cv2.mean(self.is_light, panel)[0]
        marks, _ = cv2.findContours(self.is_light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        least = TALL * short
        self.tall = [mark for mark in marks if cv2.boundingRect(mark)[3] >= least]

    @property
    def holds_strokes(self):
        return self.dark >= DARK and any(is_stroke(mark, self.is_light) for mark in self.tall)


def cut_out(outline, pixels, rim):
    """Where an outline lies in (H, W) pixels: what to index them with, so many pixels around it.

    Also there, (h, w) uint8 each, 1 within it, the same without its rim, and with one around.
    """
    x, y, width, height = cv2.boundingRect(outline)
    left, top = max(0, x - rim), max(0, y - rim)
    window = np.s_[top : y + height + rim, left : x + width + rim]
    within = np.zeros(pixels[window].shape, np.uint8)
    cv2.drawContours(within, [outline - (left, top)], 0, 1, cv2.FILLED)
    kernel = np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)
    return window, within, cv2.erode(within, kernel), cv2.dilate(within, kernel)


def is_stroke(outline, is_ink):
    """Whether a mark is no bar, be it turned, which fills the rectangle round it."""
    x, y, width, height = cv2.boundingRect(outline)
    own = is_ink[y : y + height, x : x + width]
    mark = cv2.drawContours(np.zeros_like(own), [outline - (x, y)], 0, 1, cv2.FILLED) & own
    _, sides, _ = cv2.minAreaRect(outline)
    return cv2.countNonZero(mark) <= SOLID * (sides[0] + 1) * (sides[1] + 1)


def light_on(panel, ink):
    """(h, w) float32, 0 where a panel is dark … 1 where something is light on it; 0 beside it.

    panel: (h, w) uint8, 1 on it. ink: (h, w) float32.
    """
    inside = panel > 0
    if not inside.any() or (full := np.median(ink[inside])) < INK:  # it is a frame
        return np.zeros_like(ink)
    light = inside * (1 - ink / full).clip(0, 1)
    most = np.percentile(light[light >= light.max() / 2], 90)
    return (light / most).clip(0, 1) if most >= LIGHT else np.zeros_like(ink)
