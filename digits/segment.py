"""Ink -> the characters in it, in reading order."""

from typing import NamedTuple

import cv2
import numpy as np

from digits.normalise import INK

SPECK = 0.02  # of the main stroke's area: smaller marks are specks
MOST = 64  # marks in one digit; beyond that they are texture, and the largest are looked at
NEAR = 0.35  # of the digit's longest side: marks within this distance belong to it


class Box(NamedTuple):
    """A bounding box in pixels, x to the right and y down."""

    x: int
    y: int
    width: int
    height: int


class Character(NamedTuple):
    box: Box
    ink: np.ndarray  # (box.height, box.width) float32, this character's ink and no other's


def segment(ink):
    """Find the one digit of a picture: its main stroke and the marks that belong to it.

    ink: (H, W) float32, 0 paper … 1 ink. Returns a list of one Character, or of none where all
    is paper.
    """
    mask = (ink >= INK).view(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count == 1:
        return []
    marks = stats[1:]
    main = main_stroke(marks, ink.shape)
    members = gather(marks, main)
    x, y = marks[members, :2].min(axis=0)
    right, bottom = (marks[members, :2] + marks[members, 2:4]).max(axis=0)
    inside = np.s_[y:bottom, x:right]
    strangers = np.isin(labels[inside], [0, *(members + 1)], invert=True)
    own = np.where(strangers, 0, ink[inside])
    return [Character(Box(int(x), int(y), int(right - x), int(bottom - y)), own)]


def main_stroke(marks, shape):
    """The index of the largest mark, those that run off the picture standing back."""
    height, width = shape
    x, y, w, h, area = marks.T
    inside = (x > 0) & (y > 0) & (x + w < width) & (y + h < height)
    largest = int(area.argmax())
    if inside.any():
        candidate = int(np.where(inside, area, 0).argmax())
        if area[candidate] >= 0.1 * area[largest]:
            return candidate
    return largest


def gather(marks, main):
    """Indices of the marks that make up one digit with the main stroke, nearest first."""
    large = np.flatnonzero(marks[:, 4] >= SPECK * marks[main, 4])
    waiting = large[np.argsort(-marks[large, 4])][:MOST]
    waiting = waiting[waiting != main]
    boxes = np.column_stack([marks[:, :2], marks[:, :2] + marks[:, 2:4]])
    around, members = boxes[main], [main]
    while waiting.size:
        gaps = distances(around, boxes[waiting])
        nearest = int(gaps.argmin())
        if gaps[nearest] > NEAR * max(around[2:] - around[:2]):
            break
        joining = waiting[nearest]
        around = np.concatenate(
            [
                np.minimum(around[:2], boxes[joining, :2]),
                np.maximum(around[2:], boxes[joining, 2:]),
            ]
        )
        members.append(joining)
        waiting = np.delete(waiting, nearest)
    return np.array(members)


def distances(box, others):
    """From one box (left, top, right, bottom) to (n, 4) others, in pixels; 0 where they overlap."""
    gaps = np.maximum(0, np.maximum(others[:, :2] - box[2:], box[:2] - others[:, 2:]))
    return np.hypot(*gaps.T)
