"""Ink -> the characters in it, in reading order."""

from functools import reduce
from typing import NamedTuple

import cv2
import numpy as np

from digits.normalise import INK

FAINT = 0.2  # ink down to this is part of a stroke that is INK elsewhere (Canny 1986)
FAINTER = 0.28  # of full ink, strokes of another pen on average: haze, which fades, is less
AS_HIGH = (0.6, 1.6)  # of the others' height: what another pen wrote beside them
SLIM = 1.6  # times as high as wide: what may be a one, though it fill its box
SPECK = 0.02  # of the main stroke's area: smaller marks are specks
STANDING_BACK = 0.25  # of the largest mark's area: a stroke inside the picture may be that small
SOLID = 0.7  # of its box: what fills more of it is hardly a stroke
MOST_MARKS = 64  # in one digit; beyond that they are texture, and the largest are looked at
TALL = 0.5  # of the digit's height: a mark that may be a digit too
NEAR = 0.35  # of the digit's longest side: marks within this distance belong to it
GAP = 3  # stroke widths; so do marks within this distance, where a stroke is broken to pieces


class Box(NamedTuple):
    """A bounding box in pixels, x to the right and y down."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self):
        return self.x + self.width

    @property
    def bottom(self):
        return self.y + self.height

    def union(self, other):
        """The box around both."""
        left, top = min(self.x, other.x), min(self.y, other.y)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Box(left, top, right - left, bottom - top)

    def relative_to(self, other):
        """The same box, in pixels from another's corner."""
        return self._replace(x=self.x - other.x, y=self.y - other.y)

    @property
    def slices(self):
        """What to index an (H, W) array with to cut the box out."""
        return np.s_[self.y : self.bottom, self.x : self.right]


class Character(NamedTuple):
    box: Box
    ink: np.ndarray  # (box.height, box.width) float32, this character's ink and no other's
    beside: float  # how much other ink the picture holds, specks aside, in units of this one's
    parts: int = 1  # marks that it is made of
    others: int = 0  # marks left out that are tall enough for a digit, at the picture's edge too


def together(characters):
    """The box around characters, and the ink of all of them in it."""
    box = reduce(Box.union, (each.box for each in characters))
    ink = np.zeros((box.height, box.width), np.float32)
    for each in characters:
        window = each.box.relative_to(box).slices
        ink[window] = np.maximum(ink[window], each.ink)
    return box, ink


def segment(ink):
    """Find the one digit of a picture: its main stroke and the marks that belong to it.

    ink: (H, W) float32, 0 paper … 1 ink. Returns a list of one Character, or of none where all
    is paper.
    """
    inked = Box(*cv2.boundingRect((ink >= FAINT).view(np.uint8)))
    if inked.width == 0:
        return []
    count, labels, marks, crop = find_marks(ink[inked.slices])
    if count == 2 and marks[1, cv2.CC_STAT_AREA]:  # paper and one mark, as most drawings are
        return [Character(inked, np.where(labels, crop, np.float32(0)), 0.0)]
    marks[:, :2] += inked[:2]
    off = run_off(marks, ink.shape)
    members = gather(marks, off)
    if members.size == 0:
        return []
    left, top = marks[members, :2].min(axis=0).tolist()
    right, bottom = (marks[members, :2] + marks[members, 2:4]).max(axis=0).tolist()
    box = Box(left, top, right - left, bottom - top)
    own = np.zeros(count, np.float32)
    own[members] = 1
    window = box.relative_to(inked).slices
    left_out = marks[:, cv2.CC_STAT_AREA] > 0
    left_out[members] = False
    others, beside = 0, 0.0
    if left_out.any():
        others = int((marks[left_out, 3] >= TALL * box.height).sum())
        beside = ink_beside(marks, members, off)
    return [Character(box, crop[window] * own.take(labels[window]), beside, len(members), others)]


def find_marks(ink):
    """Connected ink: how many marks, their (H, W) labels, (x, y, width, height, area) of each, ink.

    Ink down to FAINT belongs to a mark that is INK somewhere, or to one of a fainter pen beside
    such marks, which is made as strong. What is neither, the paper first, has no area.
    """
    count, labels, marks, _ = cv2.connectedComponentsWithStats((ink >= FAINT).view(np.uint8))
    inked = np.zeros(count, bool)
    inked[labels[ink >= INK]] = True
    if not inked[1:].all() and (fainter := may_be_fainter(marks, inked)).any():
        ink = ink.copy()
        for mark in np.flatnonzero(fainter):
            there = Box(*marks[mark, :4]).slices
            own = labels[there] == mark
            strength = ink[there][own].mean()
            if strength >= FAINTER:
                ink[there][own] = np.minimum(ink[there][own] / strength, 1)
                inked[mark] = True
    marks[~inked, cv2.CC_STAT_AREA] = 0
    return count, labels, marks, ink


def may_be_fainter(marks, inked):
    """(n,) whether (n, 5) marks, the paper first, are strokes as high as those that are inked."""
    _, _, widths, heights, areas = marks.T
    is_stroke = (areas <= SOLID * widths * heights) | (heights >= SLIM * widths)
    low, high = np.multiply(AS_HIGH, typical_height(marks[inked]))
    is_fainter = ~inked & is_stroke & (low <= heights) & (heights <= high)
    is_fainter[0] = False
    return is_fainter


def typical_height(marks):
    """Median height of (n, 5) marks in pixels, each counting as much as it has ink; 0 of none."""
    marks = marks[np.argsort(marks[:, 3])]
    amount = np.cumsum(marks[:, 4])
    return int(marks[np.searchsorted(amount, amount[-1] / 2), 3]) if len(marks) else 0


def run_off(marks, shape):
    """(n,) whether each mark reaches the picture's edge."""
    ends = marks[:, :2] + marks[:, 2:4]
    return (marks[:, :2] <= 0).any(axis=1) | (ends >= shape[::-1]).any(axis=1)


def gather(marks, off):
    """Indices of the marks that make up the digit, the main stroke first, then the nearest.

    A mark that runs off the picture is rather an edge of the paper, a rule or a shadow: it joins
    only a larger one that it lies over.
    """
    areas = marks[:, cv2.CC_STAT_AREA]
    if np.count_nonzero(areas) < 2:
        return np.flatnonzero(areas)
    boxes = np.column_stack([marks[:, :2], marks[:, :2] + marks[:, 2:4]])
    main = main_stroke(marks, off)
    waiting = np.argsort(-areas)[:MOST_MARKS]
    waiting = waiting[(areas[waiting] > SPECK * areas[main]) & (waiting != main)]
    around, members = boxes[main], [main]
    gap = GAP * areas[main] / max(1, *marks[main, 2:4])
    while waiting.size:
        size = around[2:] - around[:2]
        larger = (boxes[waiting, 2:] - boxes[waiting, :2]).prod(axis=1) > size.prod()
        near = max(NEAR * max(size), gap)
        reach = np.where(off[waiting], np.where(larger, -np.inf, 0), near)
        beyond = distances(around, boxes[waiting]) - reach
        nearest = int(beyond.argmin())
        if beyond[nearest] > 0:
            break
        member = waiting[nearest]
        members.append(member)
        around = np.concatenate(
            [np.minimum(around[:2], boxes[member, :2]), np.maximum(around[2:], boxes[member, 2:])]
        )
        waiting = np.delete(waiting, nearest)
    return np.array(members, int)


def ink_beside(marks, members, off):
    """The area of marks left out that are no specks, for one unit of the members' area.

    Marks that run off the picture count only where the digit does so too: a desk or a thumb at
    the edge casts no doubt on a digit inside, but what is cut out close may be cut in two.
    """
    areas = marks[:, cv2.CC_STAT_AREA]
    counts = areas > SPECK * areas[members[0]]
    counts[members] = False
    if not off[members].any():
        counts &= ~off
    return float(areas[counts].sum() / areas[members].sum())


def main_stroke(marks, off):
    """The index of the largest mark, those that run off the picture standing back.

    One that fills its box is a desk or a thumb rather than a stroke, and stands back for any.
    """
    areas = marks[:, cv2.CC_STAT_AREA]
    largest = int(areas.argmax())
    inside = int(np.where(off, 0, areas).argmax())
    is_solid = areas[largest] > SOLID * marks[largest, 2:4].prod()
    share = SPECK if is_solid else STANDING_BACK
    return inside if areas[inside] >= share * areas[largest] else largest


def distances(box, others):
    """From one box (left, top, right, bottom) to (n, 4) others, in pixels; 0 where they overlap."""
    gaps = np.maximum(0, np.maximum(others[:, :2] - box[2:], box[:2] - others[:, 2:]))
    return np.hypot(*gaps.T)
