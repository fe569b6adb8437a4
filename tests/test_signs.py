"""Signs between digits: kept where they are clear, and never left out in silence."""

import cv2
import numpy as np
import pytest
from conftest import encode, text_of
from strokes import stacked, write

from digits.ink import find_ink
from digits.number import find_numbers
from digits.read import read


def with_sign(before, after, *strokes, pen=6):
    """Two numbers, and between them strokes: from (x, y), x from the gap's left, so far.

    Or one number alone, and strokes before or after it.
    """
    gap = np.full((len(write("0")), 30), 255, np.uint8)
    left, right = write(before)[:, :-25] if before else gap, write(after) if after else gap
    sheet = np.pad(np.hstack([left, gap, right]), ((20, 20), (0, 0)), constant_values=255)
    for (x, y), (right, down) in strokes:
        x, y = left.shape[1] + x, y + 20
        cv2.line(sheet, (x, y), (x + right, y + down), 0, pen)
    return sheet


SIGNS = {  # its strokes; digits reach from 26 down to 74
    "3.14": [((2, 74), (1, 0))],
    "2.50": [((2, 66), (0, 8))],
    "4.37": [((2, 61), (1, 0))],
    "4.19": [((2, 79), (1, 0))],
    "2,50": [((2, 74), (-6, 14))],
    "1,234": [((4, 68), (-8, 20))],
    "1,35": [((6, 60), (-8, 26))],
    "4,50": [((8, 68), (-12, 14))],
    "55-12": [((2, 52), (18, 0))],
    "-27": [((30, 46), (18, 0))],
    "10:45": [((2, 48), (1, 0)), ((3, 74), (1, 0))],
    "12:30": [((2, 40), (1, 0)), ((1, 64), (1, 0))],
    "12/05": [((18, 18), (-20, 66))],
    "+49": [((30, 50), (24, 0)), ((42, 38), (0, 24))],
    "13+20": [((2, 50), (24, 1)), ((14, 38), (1, 24))],
    "12=12": [((2, 42), (20, 1)), ((2, 56), (20, -1))],
    "12×3": [((2, 40), (20, 20)), ((22, 40), (-20, 20))],
    "20×15": [((2, 36), (24, 26)), ((22, 38), (-14, 30))],
    "12÷4": [((2, 52), (24, 0)), ((14, 40), (1, 0)), ((14, 64), (1, 0))],
    ".25": [((36, 74), (1, 0))],
    ".5": [((36, 70), (1, 0))],
    "36-": [((6, 50), (18, 0))],
    "3+": [((4, 50), (24, 1)), ((16, 38), (1, 24))],
}


@pytest.mark.parametrize("number", SIGNS)
def test_signs_between_digits_are_kept(classifier, number):
    place = next(i for i, sign in enumerate(number) if not sign.isdecimal())
    picture = with_sign(number[:place], number[place + 1 :], *SIGNS[number])
    assert text_of(picture, classifier) == number


EXCLAMATION = [((8, 26), (0, 32)), ((8, 74), (1, 0))]
ENDS = {
    "a point": [((4, 74), (1, 0))],
    "a comma": [((6, 66), (-4, 20))],
    "a long comma": [((8, 58), (-6, 27))],
    "a price's comma and dash": [((4, 68), (-6, 16)), ((14, 64), (20, 0))],
    "an exclamation mark": EXCLAMATION,
    "a question mark": [
        *(((2, 36), (6, -8)), ((8, 28), (12, 4)), ((20, 32), (-2, 12)), ((18, 44), (-8, 14))),
        ((10, 74), (1, 0)),
    ],
}


@pytest.mark.parametrize(
    ("number", "end"), [*(("62", end) for end in ENDS), ("8", "a point"), ("8", "a comma")]
)
def test_what_ends_a_sentence_or_a_price_is_none_of_the_number(classifier, number, end):
    picture = with_sign(number, "", *ENDS[end])
    assert text_of(picture, classifier) == number


def test_an_exclamation_mark_between_digits_is_not_lost_in_silence(classifier):
    assert text_of(with_sign("62", "35", *EXCLAMATION), classifier) != "6235"


def test_the_box_of_a_colon_holds_both_its_dots(classifier):
    ((_, _, colon, _, _),) = find_numbers(
        find_ink(with_sign("10", "45", *SIGNS["10:45"])), classifier
    )
    assert colon.text == ":"
    assert 25 <= colon.box.height <= 35


def with_brackets(*numbers):
    """Three numbers, brackets round the second, that are higher than digits."""
    before, within, after = (
        write(number)[:, 10:-20] if number else np.full((100, 20), 255, np.uint8)
        for number in numbers
    )
    opened, closed = bracket()[:, ::-1], bracket()
    return np.pad(np.hstack([before, opened, within, closed, after]), 20, constant_values=255)


def bracket(height=72):
    """One that closes, in the middle of a row of digits, which are 48 pixels high."""
    closed = np.full((100, 40), 255, np.uint8)
    return cv2.ellipse(closed, (8, 50), (height // 4, height // 2), 0, -70, 70, 0, 5)


def test_brackets_are_kept_in_pairs(classifier):
    assert text_of(with_brackets("", "035", "27"), classifier) == "(035)27"
    assert text_of(with_brackets("30", "52", "27"), classifier) == "30(52)27"


@pytest.mark.parametrize("number", ["8", "12", "1"])
def test_a_bracket_that_closes_a_row_is_kept_without_another(classifier, number):
    sheet = np.hstack([write(number)[:, :-25], bracket()])
    reading = read(encode(np.pad(sheet, 20, constant_values=255)), classifier, 1_000_000)
    assert (reading.number, reading.verdict) == (f"{number})", "number")


def test_a_bow_as_high_as_digits_is_no_bracket(classifier):
    sheet = np.hstack([write("82")[:, :-25], bracket(height=52)])
    assert ")" not in text_of(np.pad(sheet, 20, constant_values=255), classifier)


def test_a_fraction_is_no_percent_sign(classifier):
    two, three = (write(digit, 34, pen=0.12)[8:-8, 8:38] for digit in "23")
    sheet = np.pad(write("15"), ((20, 20), (0, 70)), constant_values=255)
    sheet[42:80, 146:176], sheet[72:110, 180:210] = two, three
    cv2.line(sheet, (190, 40), (164, 108), 0, 5)
    assert "%" not in text_of(sheet, classifier)


PERCENTS = {  # each ring's middle and radius, and whether they are filled
    "apart": ((150, 54, 8), (172, 86, 8), False),
    "one ring touching": ((153, 57, 10), (176, 88, 9), False),
    "dots": ((152, 56, 5), (170, 84, 5), True),
}


def with_percent(way):
    *rings, is_filled = PERCENTS[way]
    sheet = np.pad(write("35"), ((20, 20), (0, 40)), constant_values=255)
    for x, y, radius in rings:
        cv2.circle(sheet, (x, y), radius, 0, -1 if is_filled else 4)
    return cv2.line(sheet, (178, 46), (144, 94), 0, 5)


@pytest.mark.parametrize("way", PERCENTS)
def test_a_percent_sign_is_kept_after_a_number(classifier, way):
    sheet = with_percent(way)
    count, *_ = cv2.connectedComponents((sheet < 128).view(np.uint8))
    assert count == 1 + 2 + (2 if "touching" in way else 3)  # paper, digits, and the sign's marks
    assert text_of(sheet, classifier) == "35%"


@pytest.mark.parametrize("number", ["4", "35", "109"])
def test_a_percent_sign_may_have_ovals_for_rings_and_stand_after_one_digit(classifier, number):
    sheet = np.pad(write(number), ((20, 20), (0, 40)), constant_values=255)
    left = sheet.shape[1] - 60
    for x, y in ((left, 58), (left + 36, 76)):
        cv2.ellipse(sheet, (x, y), (6, 14), 0, 0, 360, 0, 4)
    cv2.line(sheet, (left + 27, 44), (left + 9, 94), 0, 5)
    reading = read(encode(sheet), classifier, 1_000_000)
    assert (reading.number, reading.verdict) == (f"{number}%", "number")


def test_a_percent_sign_with_a_speck_before_it_is_one(classifier):
    sheet = cv2.circle(with_percent("one ring touching"), (136, 60), 3, 0, -1)
    assert text_of(sheet, classifier) == "35%"


@pytest.mark.parametrize(("spacing", "pen"), [(0.45, 0.12), (0.48, 0.13)])
def test_9_and_6_that_touch_are_no_percent_sign(classifier, spacing, pen):
    picture = np.pad(write("3596", spacing=spacing, pen=pen), 20, constant_values=255)
    count, *_ = cv2.connectedComponents((picture < 128).view(np.uint8))
    assert count == 1 + 3  # paper, 3, 5, and 96
    assert "%" not in text_of(picture, classifier)


@pytest.mark.parametrize("number", ["3?5", "27?35", "30??45"])
@pytest.mark.parametrize("mode", ["auto", "number"])
def test_what_may_mean_something_is_told_however_few_digits_there_are(classifier, number, mode):
    reading = read(encode(with_waves(number)), classifier, 10**6, mode)
    assert (reading.number, reading.verdict) == (number, "unsure")


def with_waves(number):
    """A number with a wave for each question mark."""
    wave = np.full((len(write("0")), 56), 255, np.uint8)
    points = np.array([(6, 58), (16, 44), (32, 60), (44, 46)])
    cv2.polylines(wave, [points], False, 0, 6)
    parts = (wave if each == "?" else write(each)[:, 16:-50] for each in number)
    return np.pad(np.hstack(list(parts)), 20, constant_values=255)


def test_a_row_is_kept_however_many_marks_part_its_digits(classifier):
    page = stacked(with_waves("3??5"), with_waves("27354"))
    reading = read(encode(page), classifier, 10**6)
    assert (reading.number, reading.verdict) == ("3??5\n27354", "unsure")


@pytest.mark.parametrize("turns", range(4))
def test_what_may_mean_something_is_told_whichever_way_the_page_lies(classifier, turns):
    page = stacked(with_waves("302?451"), with_waves("7351294"))
    assert text_of(np.rot90(page, turns), classifier) == "302?451\n7351294"


def test_the_first_digit_is_no_label_for_a_mark_after_it(classifier):
    angle = np.full((len(write("0")), 40), 255, np.uint8)
    cv2.polylines(angle, [np.array([(6, 42), (26, 52), (6, 62)])], False, 0, 6)
    picture = np.hstack([write("5")[:, :-10], angle, write("200")])
    assert text_of(picture, classifier) == "5?200"


def test_the_upper_part_of_an_8_in_two_pieces_is_no_times_sign(classifier):
    upper = [((2, 30), (16, 18)), ((18, 30), (-16, 18))]
    lower = [((4, 60), (14, 0)), ((4, 60), (6, 14)), ((18, 60), (-6, 14))]
    assert "×" not in text_of(with_sign("10", "45", *upper, *lower), classifier)
    assert text_of(with_sign("10", "45", *upper), classifier) == "10×45"


def test_an_apostrophe_does_not_make_a_label_of_the_digit_before_it(classifier):
    thousands = np.full((len(write("0")), 60), 255, np.uint8)
    cv2.line(thousands, (7, 26), (5, 40), 0, 6)
    picture = np.hstack([write("5")[:, :-50], thousands, write("200")])
    assert text_of(picture, classifier) == "5200"


@pytest.mark.parametrize("digit", "8946")
@pytest.mark.parametrize("pen", [0.08, 0.12])
def test_a_smaller_digit_is_no_sign(classifier, digit, pen):
    small = write(digit, 64, pen=pen)
    small = np.pad(small, ((8, 8), (0, 0)), constant_values=255)
    picture = np.hstack([write("32", pen=pen), small, write("53", pen=pen)])
    assert text_of(picture, classifier) == f"32{digit}53"


@pytest.mark.parametrize(("number", "stroke"), [("3.14", (2, 0)), ("5,20", (-2, 8))])
def test_points_and_commas_may_be_thinner_than_the_digits(classifier, number, stroke):
    sign = ((2, 74), stroke)
    assert text_of(with_sign(number[0], number[2:], sign, pen=4), classifier) == number


def test_a_date_keeps_both_its_slashes(classifier):
    day, month = (with_sign("", each, SIGNS["12/05"][0]) for each in ("05", "24"))
    left = np.pad(write("12")[:, :-25], ((20, 20), (0, 0)), constant_values=255)
    picture = np.hstack([left, day[:, 28:-25], month[:, 28:]])
    assert text_of(picture, classifier) == "12/05/24"


LOOKALIKES = {  # what between 10 and 45 is not that sign
    "a T": ("+", [((2, 40), (24, 0)), ((14, 40), (0, 24))]),
    "an L": ("+", [((4, 36), (0, 26)), ((4, 62), (24, 0))]),
    "a small x that hangs high": ("×", [((4, 14), (16, 16)), ((20, 14), (-16, 16))]),
    "a blot of two strokes": ("×", [((6, 48), (6, 6)), ((12, 48), (-6, 6))]),
    "an x as high as the digits": ("×", [((0, 27), (26, 46)), ((26, 27), (-26, 46))]),
    "an hourglass": (
        "×",
        [((0, 34), (28, 28)), ((28, 34), (-28, 28)), ((0, 34), (28, 0)), ((0, 62), (28, 0))],
    ),
    "a high upright": ("/", [((12, 14), (0, 68))]),
    "a stroke that leans to the left": ("/", [((0, 16), (20, 66))]),
    "one that ends where digits do": ("/", [((18, 14), (-18, 60))]),
    "one that is no higher than digits": ("/", [((14, 38), (-12, 44))]),
    "a bent one": ("/", [((22, 16), (0, 34)), ((22, 50), (-22, 34))]),
    "ticks above each other": (":", [((2, 36), (12, 12)), ((2, 58), (12, 12))]),
    "a smear at the foot": (".", [((2, 66), (22, 6)), ((2, 72), (22, 2))]),
    "a low stroke": (".,", [((6, 50), (0, 24))]),
}


@pytest.mark.parametrize("what", LOOKALIKES)
def test_what_looks_like_a_sign_is_none(classifier, what):
    signs, strokes = LOOKALIKES[what]
    assert set(signs).isdisjoint(text_of(with_sign("10", "45", *strokes), classifier))


def test_a_speck_before_a_number_is_no_point_and_a_faint_one_in_it(classifier):
    assert text_of(with_sign("", "45", ((10, 74), (1, 0))), classifier) == "45"
    digits_alone = np.where(with_sign("10", "45") > 128, 170, 0).astype(np.uint8)
    faint = np.maximum(with_sign("10", "45", ((2, 74), (1, 0))), digits_alone)
    assert text_of(faint, classifier) == "1045"


def test_a_bar_longer_than_digits_are_high_is_no_dash(classifier):
    left, right = write("12"), write("34")
    gap = np.full((len(left), 90), 255, np.uint8)
    cv2.line(gap, (10, 50), (80, 50), 0, 6)
    assert "-" not in text_of(np.hstack([left, gap, right]), classifier)


def test_angles_higher_than_digits_are_no_brackets(classifier):
    angle = np.full((100, 50), 255, np.uint8)
    cv2.polylines(angle, [np.array([(42, 18), (8, 50), (42, 82)])], False, 0, 6)
    picture = np.hstack([angle, write("35")[:, 10:-20], angle[:, ::-1]])
    assert "(" not in text_of(np.pad(picture, 20, constant_values=255), classifier)


NO_PERCENTS = {  # as PERCENTS, and a stroke from x to x
    "rings side by side": ((148, 70, 7), (184, 70, 7), 178, 144),
    "an upright between rings": ((146, 54, 7), (178, 86, 7), 162, 162),
}


@pytest.mark.parametrize("what", NO_PERCENTS)
def test_rings_beside_a_stroke_are_no_percent_sign(classifier, what):
    *rings, top, foot = NO_PERCENTS[what]
    sheet = np.pad(write("35"), ((20, 20), (0, 60)), constant_values=255)
    for x, y, radius in rings:
        cv2.circle(sheet, (x, y), radius, 0, 4)
    cv2.line(sheet, (top, 46), (foot, 94), 0, 5)
    assert "%" not in text_of(sheet, classifier)


def test_a_degree_before_a_6_is_no_percent_sign(classifier):
    sheet = np.pad(write("35", spacing=0.7), ((20, 20), (0, 0)), constant_values=255)
    six = np.pad(write("6"), ((20, 20), (0, 0)), constant_values=255)[:, 20:]
    sheet = np.hstack([sheet[:, :-14], six])
    cv2.circle(sheet, (sheet.shape[1] - six.shape[1] - 2, 52), 8, 0, 4)
    assert "%" not in text_of(sheet, classifier)


NO_SIGNS = {
    "a blot": ("1045", [((4, 50), (8, 0)), ((8, 46), (0, 8))]),
    "a dot that nothing lies below": ("1045", [((2, 48), (1, 0))]),
    "an apostrophe": ("1045", [((8, 26), (-2, 16))]),
    "two specks as thin as a broken stroke": ("1045", [((2, 44), (0, 6)), ((2, 58), (0, 6))]),
    "specks above and below the digits": ("1045", [((2, 2), (1, 0)), ((3, 96), (1, 0))]),
    "a one that leans, no higher than other digits": ("10145", [((10, 28), (-12, 44))]),
}


@pytest.mark.parametrize("what", NO_SIGNS)
def test_what_is_no_sign_is_none(classifier, what):
    number, strokes = NO_SIGNS[what]
    pen = 3 if "thin" in what else 6
    assert text_of(with_sign("10", "45", *strokes, pen=pen), classifier) == number


UNKNOWN = {
    "a wave": [((2, 54), (8, -8)), ((10, 46), (8, 10)), ((18, 56), (8, -8))],
    "an angle": [((2, 42), (20, 10)), ((22, 52), (-20, 10))],
}


@pytest.mark.parametrize("what", UNKNOWN)
@pytest.mark.parametrize("mode", ["auto", "number"])
def test_what_may_mean_something_between_digits_is_not_left_out_in_silence(classifier, what, mode):
    picture = encode(with_sign("10", "45", *UNKNOWN[what]))
    reading = read(picture, classifier, 10**6, mode)
    assert (reading.number, reading.verdict) == ("10?45", "unsure")
    assert reading.confidence < 0.5


def test_a_sign_far_from_its_digits_is_kept(classifier):
    left, right = write("12"), write("34")
    gap = np.full((len(left), 80), 255, np.uint8)
    cv2.line(gap, (30, 38), (50, 60), 0, 6)
    cv2.line(gap, (50, 38), (30, 60), 0, 6)
    assert text_of(np.hstack([left, gap, right]), classifier) == "12×34"


def test_dots_side_by_side_are_no_colon_and_dashes_no_equals_sign(classifier):
    dots = [((2, 74), (1, 0)), ((20, 74), (1, 0))]
    assert text_of(with_sign("3", "4", *dots), classifier) == "3..4"
    dashes = [((0, 50), (14, 0)), ((24, 50), (14, 0))]
    assert text_of(with_sign("3", "4", *dashes), classifier) == "3--4"


def beside_a_two(height, width, gap, foot=78):
    """12 and 9, and a mark that all but touches the 2's foot."""
    picture = np.hstack([write("12"), write("9")])
    right = np.flatnonzero((picture[:, : write("12").shape[1]] < 128).any(axis=0))[-1] + 1
    left = right + gap
    picture[foot - height : foot, left : left + width] = 0
    return picture


def test_a_square_mark_at_the_digits_foot_is_a_point_however_close_as_on_displays(classifier):
    assert text_of(beside_a_two(9, 9, gap=2), classifier) == "12.9"
    for mark in ((9, 9, 2, 66), (4, 9, 2), (20, 9, 2), (9, 18, 2)):  # higher, flat, upright, wide
        assert text_of(beside_a_two(*mark), classifier) == "129"


def test_an_upright_scratch_that_is_thinner_than_the_pen_is_no_point(classifier):
    assert text_of(with_sign("3", "14", ((2, 64), (0, 14)), pen=2), classifier) == "314"
