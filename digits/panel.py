"""Dark panels, as of a meter, a sign or a blackboard: what is light on them is the ink there."""

import cv2
import numpy as np

INK = 0.5  # at least this much of a pixel covered by ink makes it part of a panel
LEAST = 0.01  # of the picture, the smallest panel
MOST = 100  # marks looked at
ANGULAR = 0.85  # of the rectangle round it, a panel be it seen askew: rounder things are strokes
RIM = 0.06  # of its shorter side, what its edge may be wide
LIGHT = 0.25  # of what the panel is darker than paper, so much lighter is what is written on it
DARK = 0.5  # of it that is dark at least
PLAIN = 0.85  # the same where nothing light on it is more than a bar, as is the inside of a nought
TALL = 0.05  # of its shorter side, the height of what is written on it at least
SOLID = 0.7  # of its box: what fills more of it is a bar, or no stroke


def on_panels(ink):
    """Turn light ink on dark panels to ink, and the panels to paper.

    ink: (H, W) float32, 0 paper … 1 ink. Returns it as it is where there is no panel.
    """
    is_dark = (ink >= INK).view(np.uint8)
    outlines, _ = cv2.findContours(is_dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outlines = sorted(outlines, key=cv2.contourArea, reverse=True)[:MOST]
    turned = ink
    for outline in outlines:
        if cv2.contourArea(outline) < LEAST * ink.size:
            break
        if not is_angular(outline):
            continue
        x, y, width, height = cv2.boundingRect(outline)
        rim = max(2, round(RIM * min(width, height)))
        place = np.s_[max(0, y - rim) : y + height + rim, max(0, x - rim) : x + width + rim]
        panel = cv2.drawContours(np.zeros_like(is_dark), [outline], 0, 1, cv2.FILLED)[place]
        window = np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)
        light = light_on(cv2.erode(panel, window), ink[place])
        if is_written(light, panel):
            turned = turned.copy() if turned is ink else turned
            turned[place] = np.where(cv2.dilate(panel, window), light, turned[place])
    return turned


def is_angular(outline):
    _, sides, _ = cv2.minAreaRect(outline)
    return cv2.contourArea(outline) >= ANGULAR * sides[0] * sides[1]


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


def is_written(light, panel):
    """Whether what is light on a panel, (h, w) float32 and uint8, may be ink."""
    is_light = (light >= INK).view(np.uint8)
    dark = 1 - cv2.mean(is_light, panel)[0]
    _, _, marks, _ = cv2.connectedComponentsWithStats(is_light)
    tall = marks[1:][marks[1:, 3] >= TALL * min(panel.shape)]
    is_stroke = tall[:, 4] <= SOLID * tall[:, 2:4].prod(axis=1)
    return bool(dark >= DARK and (is_stroke.any() or (len(tall) and dark >= PLAIN)))
