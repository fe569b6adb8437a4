"""Ink of digits that touch -> pieces of it, cut where least ink is in the way.

Over-segmentation: more cuts than digits, for the classifier to judge by (LeCun, Bottou, Bengio and
Haffner 1998, section VII). A cut is the cheapest way from top to bottom through the ink, found by
dynamic programming, as seams are (Avidan and Shamir 2007); it is sought in the ink as it stands
and, for slanted digits that touch all along, in the ink set upright (Vinciarelli and Luettin 2001).
"""

from typing import NamedTuple

import cv2
import numpy as np

ROWS = 40  # pixels, the height in which ways are looked for
LEAN = 0.12  # of full ink, what a step to the side costs
LENGTH = 0.02  # of full ink, what any step costs
DEAREST = 0.45  # of the height: a cut through more ink is none
APART = 0.1  # of the height, between neighbouring cuts
MOST_CUTS = 6  # cuts for each height of width
CROSSINGS = (0.3, 0.5, 0.7)  # of the height, where ways are sought
NEAR = 0.2  # of the height, how far from where digits are known to change a cut may go
SLANTS = np.linspace(-0.8, 0.8, 9)  # columns to the left for a row down
WALL = 1e3  # of full ink, what no way goes through


class Cut(NamedTuple):
    columns: np.ndarray  # (h,) int, the first column to the right of the cut, row by row
    cost: float  # ink cut through in heights, and a little for its length and lean


def cuts(ink, changes=()):
    """Where ink might be cut in two, from left to right.

    ink: (h, w) float32. changes: columns where one digit is known to give way to another; near each
    a cut is sought whatever it costs. Returns a list of Cuts, none of which crosses another.
    """
    height, width = ink.shape
    rows = min(height, ROWS)
    columns = max(1, round(width * rows / height))
    small = cv2.resize(ink, (columns, rows), interpolation=cv2.INTER_AREA)
    changes = [column * columns / width for column in changes]
    ways = [way for slant in {0.0, slant_of(small)} for way in ways_through(small, slant, changes)]
    at = np.minimum(np.arange(height) * rows // height, rows - 1)
    return [
        Cut(place_in(way[at], columns, width), price / rows)
        for price, way in choose(ways, rows, columns)
    ]


def place_in(way, columns, width):
    """A way through so many columns as one through ink of that width."""
    return np.round((way + 0.5) * width / columns).clip(0, width).astype(int)


def slant_of(ink):
    """The slant without which the ink stands in the fewest and fullest columns."""
    return float(max(SLANTS, key=lambda slant: (set_upright(ink, slant)[0].sum(axis=0) ** 2).sum()))


def set_upright(ink, slant):
    """The ink without that slant, and by how many columns each of its rows begins later so."""
    rows, columns = np.indices(ink.shape, sparse=True)
    shifts = np.round(slant * rows).astype(int)
    shifts -= shifts.min()
    upright = np.zeros((len(ink), ink.shape[1] + shifts.max()), np.float32)
    upright[rows, columns + shifts] = ink
    return upright, shifts[:, 0]


def ways_through(ink, slant, changes):
    """(price, way) of ways from top to bottom that cost less than what lies beside them.

    And of the cheapest one near each of the changes. A way: (rows,) int, a column for each row.
    """
    rows, columns = ink.shape
    upright, shifts = set_upright(ink, slant)
    crossings = [int(share * rows) for share in CROSSINGS]
    found = list(cheapest_ways(upright, crossings, lambda prices: minima(prices, DEAREST * rows)))
    if changes:
        broad, middle = max(1, round(2 * NEAR * rows)), rows // 2
        lefts = (np.array(changes) + shifts[middle] - broad / 2).round().astype(int)
        lefts = lefts.clip(0, max(0, upright.shape[1] - broad))
        walled = np.pad(upright, ((0, 0), (0, broad + 1)), constant_values=WALL)
        bands = walled[:, lefts[:, None] + np.arange(broad + 1)]
        bands[:, :, -1] = WALL
        begin = np.arange(len(lefts)) * (broad + 1)
        side_by_side = bands.reshape(rows, -1)
        near = cheapest_ways(
            side_by_side, [middle], lambda prices: begin + cheapest_in(prices, len(lefts))
        )
        found += [
            (price, way - start + left)
            for (price, way), start, left in zip(near, begin, lefts, strict=True)
        ]
    return [(price, np.clip(way - shifts, -1, columns)) for price, way in found]


def cheapest_in(prices, parts):
    """Of each of so many equal parts, where it is cheapest; of several such, nearest its middle."""
    prices = prices.reshape(parts, -1)
    far = np.abs(np.arange(prices.shape[1]) - (prices.shape[1] - 1) / 2)
    return (prices + LEAN * far).argmin(axis=1)


def cheapest_ways(ink, rows, select):
    """(price, way) of the cheapest ways through some columns of rows.

    select: (w,) float32, the price of each column in a row -> which of them.
    """
    cost = ink + np.float32(LENGTH)
    down, steps_down = least_costs(cost)
    up, steps_up = least_costs(cost[::-1])
    through = down + up[::-1] - cost
    for row in sorted(set(rows)):
        for column in select(through[row]):
            above = trace(steps_down[: row + 1], column)
            below = trace(steps_up[: len(ink) - row], column)
            yield float(through[row, column]), np.append(above, below[::-1][1:])


def choose(ways, rows, columns):
    """The cheapest (price, way) of those that lie close together, from left to right.

    What would cross a cheaper one goes along that instead.
    """
    chosen, taken = [], np.empty((0, rows), int)
    for price, way in sorted(ways, key=lambda each: each[0]):
        if len(chosen) == MOST_CUTS * (1 + columns // rows):
            break
        is_left = taken.mean(axis=1) < way.mean()
        left = taken[is_left].max(axis=0, initial=-1)
        right = taken[~is_left].min(axis=0, initial=columns)
        way = np.clip(way, left, right)
        is_inside = APART * rows < way.mean() < columns - APART * rows
        if is_inside and (np.abs(taken - way).mean(axis=1) > APART * rows).all():
            chosen.append((price, way))
            taken = np.array([other for _, other in chosen])
    return sorted(chosen, key=lambda each: each[1].mean())


def least_costs(cost):
    """From the first row to every pixel: the least sum of costs, and the step that led there."""
    total, steps = np.empty_like(cost), np.zeros(cost.shape, np.int8)
    total[0] = cost[0]
    for row in range(1, len(cost)):
        wider = np.pad(total[row - 1], 1, constant_values=np.inf)
        ways = np.stack([wider[1:-1], wider[:-2] + LEAN, wider[2:] + LEAN])
        best = ways.argmin(axis=0)
        steps[row] = np.array([0, -1, 1], np.int8)[best]
        total[row] = cost[row] + ways.min(axis=0)
    return total, steps


def minima(prices, dearest):
    """Columns that cost no more than their neighbours: the middle of each flat stretch."""
    found, start = [], 0
    for column in range(1, len(prices) + 1):
        if column < len(prices) and abs(prices[column] - prices[start]) < 1e-4:
            continue
        left = prices[start - 1] if start else np.inf
        right = prices[column] if column < len(prices) else np.inf
        if prices[start] <= min(left, right, dearest):
            found.append((start + column - 1) // 2)
        start = column
    return found


def trace(steps, column):
    """The columns of the way that ends at `column` of the last row, from the first row on."""
    way = [column]
    for row in range(len(steps) - 1, 0, -1):
        column += int(steps[row, column])
        way.append(column)
    return np.array(way[::-1])
