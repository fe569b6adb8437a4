"""Barcodes, whose bars would be rows of ones."""

import numpy as np

BARS = 12  # of a barcode at least, which has four widths of them; of ones people write fewer
SLENDER = 3  # times as high as thick is a bar at least
TILT = 0.15  # of its height, wider than it is thick at most: digits in narrow print are wider
STEP = 0.12  # of its height, how far from its neighbour's ends those of a bar are at most
GAP = 0.3  # of its height, to the next bar at most
VARIED = 1.7  # times as wide as the thinnest bar is the thickest: ones are all by one pen,
UNEVEN = 1.5  # pixels wider at least, for a pixel more or less is chance
MOST_BARS = 500  # marks looked at, the largest


def of_barcodes(marks):
    """Indices of the bars of barcodes among marks.

    marks: (n, 5), as cv2.connectedComponentsWithStats's, the paper first. A barcode is of many
    slender bars side by side that end alike, of several widths.
    """
    lefts, tops, widths, heights, areas = marks.T.astype(float)
    thick = areas / np.maximum(heights, 1)
    is_bar = (areas > 0) & (heights >= SLENDER * thick) & (widths <= thick + TILT * heights)
    bars = 1 + np.flatnonzero(is_bar[1:])
    if len(bars) < BARS:
        return bars[:0]
    bars = bars[np.argsort(-areas[bars])[:MOST_BARS]]
    bars = bars[np.argsort(lefts[bars])]
    tops, feet, heights = tops[bars], (tops + heights)[bars], heights[bars]
    ends = np.maximum(*(abs(np.subtract.outer(end, end)) for end in (tops, feet)))
    gaps = lefts[bars] - (lefts + widths)[bars, None]  # from each to each
    is_next = np.triu((ends <= STEP * heights) & (gaps <= GAP * heights), 1)
    code_of = np.arange(len(bars))
    for i in np.flatnonzero(is_next.any(axis=1)):
        code_of[code_of == code_of[is_next[i].argmax()]] = code_of[i]
    codes = [bars[code_of == code] for code in np.unique(code_of)]
    codes = [each for each in codes if len(each) >= BARS and is_varied(thick[each])]
    return np.concatenate(codes) if codes else bars[:0]


def is_varied(widths):
    thin, thick = np.percentile(widths, [5, 95])
    return bool(thick >= max(VARIED * thin, thin + UNEVEN))
