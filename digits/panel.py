"""Dark panels, as of a meter, a sign or a blackboard: what is light on them is the ink there."""

import cv2
import numpy as np

INK = 0.5  # at least this much of a pixel covered by ink makes it part of a panel
LEAST = 0.01  # of the picture, the smallest panel
ANGULAR = 0.85  # of the rectangle round it, a panel be it seen askew: rounder things are strokes
RIM = 0.06  # of its shorter side, what its edge may be wide
LIGHT = 0.25  # of what the panel is darker than paper, so much lighter is what is written on it
DARK = 0.5  # of it that is dark at least
PLAIN = 0.9  # the same where on no panel more than bars are light, as is the inside of a nought
TALL = 0.05  # of its shorter side, the height of what is written on it at least
SOLID = 0.7  # of its box: what fills more of it is a bar, or no stroke


def on_panels(ink):
    """Turn light ink on dark panels to ink, and the panels to paper.

    ink: (H, W) float32, 0 paper … 1 ink. Returns it as it is where there is no panel.
    """
    is_dark = (ink >= INK).view(np.uint8)
    outlines, _ = cv2.findContours(is_dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    least = LEAST * ink.size
    panels = [Panel(outline, ink) for outline in outlines if may_be_panel(outline, least)]
    is_written = any(panel.holds_strokes for panel in panels)
    least = DARK if is_written else PLAIN
    panels = [panel for panel in panels if panel.dark >= least and len(panel.tall)]
    turned = ink.copy() if panels else ink
    for panel in panels:
        turned[panel.place] = np.where(panel.whole, panel.light, turned[panel.place])
    return turned


def may_be_panel(outline, least):
    """Whether an outline is angular, and holds at least so many pixels."""
    area = cv2.contourArea(outline)
    if area < least:
        return False
    _, sides, _ = cv2.minAreaRect(outline)
    return area >= ANGULAR * sides[0] * sides[1]


class Panel:
    """What may be one.

    outline: as cv2.findContours'. ink: (H, W) float32, the picture's.
    """

    def __init__(self, outline, ink):
        x, y, width, height = cv2.boundingRect(outline)
        rim = max(2, round(RIM * min(width, height)))
        self.place = np.s_[max(0, y - rim) : y + height + rim, max(0, x - rim) : x + width + rim]
        top, left = (part.start for part in self.place)
        panel = np.zeros(ink[self.place].shape, np.uint8)
        cv2.drawContours(panel, [outline - (left, top)], 0, 1, cv2.FILLED)
        window = np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)
        self.whole = cv2.dilate(panel, window)
        self.light = light_on(cv2.erode(panel, window), ink[self.place])
        is_light = (self.light >= INK).view(np.uint8)
        self.dark = 1 - cv2.mean(is_light, panel)[0]
        _, _, marks, _ = cv2.connectedComponentsWithStats(is_light)
        self.tall = marks[1:][marks[1:, 3] >= TALL * min(width, height)]

    @property
    def holds_strokes(self):
        is_stroke = self.tall[:, 4] <= SOLID * self.tall[:, 2:4].prod(axis=1)
        return self.dark >= DARK and bool(is_stroke.any())


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
