"""Ink -> the marks that may be of digits, put in rows as they are read."""

from typing import NamedTuple

import cv2
import numpy as np

from digits.barcode import of_barcodes
from digits.segment import SOLID, Box, Character, find_marks, run_off, typical_height
from digits.signs import SMALL, is_stub

MOST_PIECES = 1000  # marks of one picture; of more, the largest are looked at
MOST_AREA = 2_000_000  # pixels that marks take together, and again what is made of them
SPECK = 0.1  # of the typical height, the longest side of a mark that is one
TALL = 3.0  # of the typical height: what is higher is no digit
LEVEL = 0.4  # of the lower one's height: digits of one row lie side by side for at least that
HANGING = 0.2  # the same of what may be a long comma
FAR = 0.8  # of the typical height: what is small and farther off is beside no digit
COLUMNS = 3.5  # of the typical height, the widest gap within a number
PARTED = 0.8  # of the height of two neighbours, that of a line between them
NEAR = 2.0  # of the typical height, how far apart the middles of neighbours in a row are
TELLING = 8  # neighbours that tell how a page's rows slope


class Piece(NamedTuple):
    """Ink that is taken apart no further."""

    character: Character
    mark: int  # the connected ink that it is of
    span: tuple[float, float] = (0, np.inf)  # columns of that between which it lies
    cost: float = 0.0  # of the cut between it and the piece of the same mark before it

    @property
    def box(self):
        return self.character.box


def middle_of(piece):
    box = piece.box
    return box.x + box.width / 2, box.y + box.height / 2


def find_pieces(ink):
    """Connected ink that may be of digits, and how high a digit typically is, in pixels.

    That is the median height, each mark counting as much as it has ink. Marks that run off the
    picture are kept where they are of that height; specks and what is far too tall are not, nor
    more than MOST_PIECES marks, the low and small ones going first, or MOST_AREA pixels of them.
    """
    _, labels, marks, ink = find_marks(ink)
    off = run_off(marks, ink.shape)
    areas, sizes = marks[:, cv2.CC_STAT_AREA], marks[:, 2:4]
    is_solid = areas > SOLID * sizes.prod(axis=1)
    counts = (areas > 0) & ~(off & is_solid)
    counts[of_barcodes(marks)] = False
    inside = counts & ~off
    if not counts.any():
        return [], 0
    height = typical_height(marks[inside if inside.any() else counts])
    counts &= (sizes.max(axis=1) >= SPECK * height) & (sizes[:, 1] <= TALL * height)
    counts &= ~off | (sizes[:, 1] >= SMALL * height) & (sizes[:, 1] <= 2 * height)
    chosen = np.flatnonzero(counts)
    is_small = sizes[chosen, 1] < SMALL * height
    chosen = chosen[np.lexsort((-areas[chosen], is_small))[:MOST_PIECES]]
    chosen = chosen[np.cumsum(sizes[chosen].prod(axis=1)) <= MOST_AREA]
    if inside.any():
        whole = chosen[inside[chosen] & (sizes[chosen, 1] >= SMALL * height)]
        chosen = chosen[~off[chosen] | levels_with(marks[chosen], marks[whole])]
    pieces = []
    for mark in chosen.tolist():
        box = Box(*marks[mark, :4].tolist())
        own = ink[box.slices] * (labels[box.slices] == mark)
        pieces.append(Piece(Character(box, own, 0.0), mark))
    return pieces, height


def levels_with(marks, others):
    """(n,) whether each mark lies level with one of the others."""
    top, bottom = marks[:, 1], marks[:, 1] + marks[:, 3]
    middles = others[:, 1] + others[:, 3] / 2
    return ((top[:, None] <= middles) & (middles <= bottom[:, None])).any(axis=1)


def find_rows(pieces, height, lines):
    """Lists of pieces, top to bottom, each from left to right.

    lines: (H, W) bool, where lines were erased. A small piece is of the row of the large one it is
    nearest to, where it is near or stands between two of that row.
    """
    boxes = np.array([piece.box for piece in pieces], float)
    large = np.flatnonzero(boxes[:, 3] >= SMALL * height)
    if large.size == 0:
        return []
    boxes[:, 1] -= slope_of(boxes[large]) * (boxes[:, 0] + boxes[:, 2] / 2)
    low, high = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    row_of = link_rows(boxes[large], [is_stub(pieces[i].box, height) for i in large], height)
    rows = {row: large[row_of == row].tolist() for row in np.unique(row_of)}
    for i in np.flatnonzero(boxes[:, 3] < SMALL * height):
        gaps = np.maximum(0, np.maximum(low[large] - high[i], low[i] - high[large]))
        nearest = int(gaps.sum(axis=1).argmin())
        row = row_of[nearest]
        is_near, is_beside = gaps[nearest].sum() <= FAR * height, gaps[nearest, 1] == 0
        if is_near or (is_beside and stands_between(boxes[i], boxes[large[row_of == row]], height)):
            rows[row].append(i)
    ordered = sorted(rows.values(), key=lambda row: (low + high)[row, 1].mean())
    in_order = (sorted((pieces[i] for i in row), key=middle_of) for row in ordered)
    return [
        cell
        for row in in_order
        for part in split_columns(row, height)
        for cell in split_cells(part, lines)
    ]


def link_rows(boxes, are_stubs, height):
    """(n,) a number for the row of each of (n, 4) large boxes, on a page that does not slope.

    Each is linked to the next one to its right that lies level with it.
    """
    low, high = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    level = np.minimum.outer(high[:, 1], high[:, 1]) - np.maximum.outer(low[:, 1], low[:, 1])
    level /= np.minimum.outer(boxes[:, 3], boxes[:, 3])
    middles = (low + high) / 2
    down = np.abs(np.subtract.outer(middles[:, 1], middles[:, 1]))
    right = middles[None, :, 0] - middles[:, None, 0]
    is_level, is_close = level >= LEVEL, (right != 0) & (abs(right) <= FAR * height)
    hangs = are_stubs & ~(is_level & is_close).any(axis=1)
    is_level |= (level >= HANGING) & is_close & np.logical_or.outer(hangs, hangs)
    distance = np.where((right > 0) & is_level, right + 2 * down, np.inf)
    row_of = np.arange(len(low))
    for i, next_one in enumerate(distance.argmin(axis=1)):
        if np.isfinite(distance[i, next_one]):
            row_of[row_of == row_of[next_one]] = row_of[i]
    return row_of


def stands_between(box, others, height):
    """Whether a mark stands between two of a row's digits, and these in one number."""
    left = others[others[:, 0] + others[:, 2] <= box[0]]
    right = others[others[:, 0] >= box[0] + box[2]]
    if not (len(left) and len(right)):
        return False
    return right[:, 0].min() - left[:, ::2].sum(axis=1).max() <= COLUMNS * height


def slope_of(boxes):
    """How far rows go down for one step to the right: 0 where few digits tell.

    boxes: (n, 4) float64, each digit's left, top, width and height.
    The median of the ways from each digit to its nearest neighbour to the right (the docstrum,
    O'Gorman 1993).
    """
    middles = boxes[:, :2] + boxes[:, 2:] / 2
    right, down = (np.subtract.outer(axis, axis).T for axis in middles.T)
    distance = np.where(right > np.abs(down), np.hypot(right, down), np.inf)
    nearest = distance.argmin(axis=1)
    each = np.arange(len(boxes))
    known = distance[each, nearest] <= NEAR * np.median(boxes[:, 3])
    if known.sum() < TELLING:
        return 0.0
    return float(np.median(down[each, nearest][known] / right[each, nearest][known]))


def split_columns(row, height):
    """A row apart where a gap is as wide as between columns."""
    return split(
        row, lambda part, each: each.box.x > max(e.box.right for e in part) + COLUMNS * height
    )


def split_cells(row, lines):
    """A row apart where uprights of a table part it; not where each digit has a box of its own.

    What is left of a line is of the part before it.
    """
    least = SMALL * max(piece.box.height for piece in row)

    def is_parted(part, right):
        large = [piece.box for piece in part if piece.box.height >= least]
        if not large:
            return False
        left = large[-1]
        top, bottom = min(left.y, right.box.y), max(left.bottom, right.box.bottom)
        between = lines[top:bottom, left.right : right.box.x]
        return between.any(axis=1).mean() >= PARTED

    parts = split(row, is_parted)
    digits = [sum(piece.box.height >= least for piece in part) for part in parts]
    is_table = sum(count > 1 for count in digits) > len(parts) / 2
    return parts if is_table else [row]


def split(row, is_apart):
    """A row in parts: a new one begins with each piece that is apart from the part before it."""
    parts = [row[:1]]
    for each in row[1:]:
        if is_apart(parts[-1], each):
            parts.append([])
        parts[-1].append(each)
    return parts
