"""Rows of digits: found, kept together, cut apart, and told from what is no digit."""

import tracemalloc
from itertools import product

import cv2
import numpy as np
import pytest
from conftest import text_of
from strokes import DIGITS, draw, stacked, write

from digits.ink import find_ink
from digits.judge import Digit
from digits.number import find_numbers, find_upright
from digits.read import Row
from digits.segment import Box
from digits.words import among_others
from train import compose

NUMBERS = ["94301", "10", "11", "007", "5557", "1234567890", "888", "3141592653589793"]
WAYS = {
    "plain": {},
    "rising": {"slope": -0.15},
    "falling": {"slope": 0.15},
    "wide apart": {"spacing": 2},
    "hairline": {"pen": 0.02},
    "white on black": {"ink": 255, "paper": 0},
    "small": {"size": 28, "pen": 0.08},
    "large": {"size": 300},
}


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_read(classifier, number):
    assert text_of(write(number), classifier) == number


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_writing_is_read(classifier, way):
    assert text_of(write("24350", **WAYS[way]), classifier) == "24350"


def test_rows_come_in_reading_order(classifier):
    page = stacked(write("302"), write("7"), write("41"), write("95"))
    assert text_of(page, classifier) == "302\n7\n41\n95"


LABELS = {"as tall as the number": ("No", 2.2), "half as tall": ("Amount", 1.1)}


def printed(text, size=2.2):
    mark = np.full((100, 240), 255, np.uint8)
    return cv2.putText(mark, text, (20, 74), cv2.FONT_HERSHEY_SIMPLEX, size, 0, 4)


@pytest.mark.parametrize("how", LABELS)
def test_a_label_beside_a_number_is_left_out(classifier, how):
    sheet = np.hstack([printed(*LABELS[how]), write("35027")])
    assert text_of(sheet, classifier) == "35027"


GAP = np.full((100, 30), 255, np.uint8)


@pytest.mark.parametrize("unit", ["m", "kg", "h", "mm", "EUR", "C"])
@pytest.mark.parametrize("number", ["35", "35027"])
def test_a_unit_behind_a_number_is_left_out(number, unit, classifier):
    assert text_of(np.hstack([write(number), printed(unit)]), classifier) == number


def test_a_part_of_a_number_in_pairs_is_not_left_out_with_a_letter(classifier):
    pairs = [printed("A")[:, :110], *(np.hstack([write(pair), GAP]) for pair in ("7", "35", "82"))]
    assert text_of(np.hstack([pairs[0], *pairs[1:]]), classifier) == "?73582"
    assert (
        text_of(np.hstack([write("35"), GAP, write("7")[:, :-20], printed("B")]), classifier)
        == "357?"
    )


def test_what_a_sign_joins_to_a_number_is_not_left_out(classifier):
    dash = np.full((100, 40), 255, np.uint8)
    cv2.line(dash, (4, 52), (34, 52), 0, 5)
    sheet = np.hstack([write("35")[:, :-10], dash, printed("A")])
    assert text_of(sheet, classifier) == "35-?"


def test_a_minus_in_a_table_s_cell_is_of_the_number_behind_it(classifier):
    minus = np.full((100, 60), 255, np.uint8)
    cv2.line(minus, (20, 52), (50, 52), 0, 5)
    page = np.pad(np.hstack([write("302"), minus, write("745")]), 40, constant_values=255)
    table = ruled(page, [20, 250, page.shape[1] - 20])
    assert text_of(table, classifier) == "302\n-745"


def test_a_unit_between_numbers_is_not_left_out(classifier):
    found = text_of(np.hstack([write("350"), printed("m")[:, :120], write("27")]), classifier)
    assert found == "350?27"


def test_letters_among_digits_are_told_to_be_none(classifier):
    code = np.hstack([write("3")[:, :-20], printed("m")[:, 10:90], write("27")[:, 20:]])
    assert text_of(code, classifier) == "3?27"


def scribble():
    mark = np.full((100, 100), 255, np.uint8)
    corners = [(40, 30), (60, 70), (40, 70), (60, 30), (40, 50), (60, 50)]
    return cv2.polylines(mark, [np.array(corners)], False, 0, 5)


def test_a_mark_apart_that_might_be_a_digit_is_not_left_out(classifier):
    found = text_of(np.hstack([write("35027"), scribble(), write("41")]), classifier)
    assert len(found) == 8
    assert (found[:5], found[6:]) == ("35027", "41")


def test_a_digit_beside_what_is_none_is_not_left_out_with_it(classifier):
    last = write("2")[:, :-20]
    assert text_of(np.hstack([write("35027"), GAP, last, scribble()]), classifier) == "350272"


def test_a_one_among_small_noughts_is_no_slash(classifier):
    one = np.full((100, 60), 255, np.uint8)
    cv2.line(one, (42, 18), (22, 74), 0, 5)
    small = write("000", size=62)
    small = np.pad(small, ((18, 0), (0, 0)), constant_values=255)
    assert text_of(np.hstack([write("3")[:, :-20], one, small]), classifier) == "31000"


@pytest.mark.parametrize("smaller_first", [False, True])
def test_numbers_a_third_as_high_are_read_beside_the_others(classifier, smaller_first):
    large, small = write("352", 150), write("74902", 50)
    small = np.pad(small, ((30, 30), (40, 0)), constant_values=255)
    small = np.pad(small, ((0, 0), (0, large.shape[1] - small.shape[1])), constant_values=255)
    parts, told = [large, small], ["352", "74902"]
    order = slice(None, None, -1 if smaller_first else 1)
    assert text_of(np.vstack(parts[order]), classifier) == "\n".join(told[order])


def test_columns_are_numbers_of_their_own(classifier):
    gap = np.full((100, 500), 255, np.uint8)
    assert text_of(np.hstack([write("302"), gap, write("74")]), classifier) == "302\n74"


def ruled(picture, columns, rows=()):
    """Lines of a table: at columns from top to bottom, and at rows from side to side."""
    height = len(picture)
    for column in columns:
        cv2.line(picture, (column, 20), (column, height - 20), 110, 2)
    for row in (20, *rows, height - 20):
        cv2.line(picture, (columns[0], row), (columns[-1], row), 110, 2)
    return picture


def test_lines_part_the_cells_of_a_table(classifier):
    left, right = stacked(write("302"), write("94")), stacked(write("745"), write("301"))
    page = np.pad(np.hstack([left, right]), 40, constant_values=255)
    table = ruled(page, [20, 295, page.shape[1] - 20], [140])
    assert text_of(table, classifier) == "302\n745\n94\n301"


def test_what_is_left_of_a_line_does_not_join_the_cells_beside_it(classifier):
    page = np.pad(np.hstack([write("302"), write("745")]), 40, constant_values=255)
    table = ruled(page, [20, 295, page.shape[1] - 20])
    cv2.circle(table, (295, 110), 4, 0, -1)  # a blot
    assert text_of(table, classifier) == "302\n745"


def test_lines_between_boxes_of_a_digit_each_part_nothing(classifier):
    form = np.pad(write("35027"), 30, constant_values=255)
    boxes = ruled(form, [60 + 60 * place for place in range(6)])
    assert text_of(boxes, classifier) == "35027"


def struck(number, below):
    """A number with a stroke through it, or so many of its heights below its middle."""
    sheet = write(number, 80)
    middle = round(50 + 80 * below)
    return cv2.line(sheet, (12, middle + 3), (sheet.shape[1] - 20, middle - 3), 0, 4)


@pytest.mark.parametrize("turns", [0, 1])
def test_a_number_that_is_struck_out_is_doubted_and_no_other(classifier, turns):
    rows = stacked(write("27531"), struck("48213", 0), struck("60357", 0.45))
    found = find_numbers(find_ink(np.rot90(rows, turns)), classifier)
    verdicts = [{each.verdict for each in row if each.text.isdecimal()} for row in found]
    assert verdicts == [{"digit"}, {"unsure"}, {"digit"}]


def test_of_a_row_only_what_is_struck_out_is_doubted(classifier):
    row = np.hstack([struck("4821", 0), np.full((100, 60), 255, np.uint8), write("603")])
    (found,) = find_numbers(find_ink(row), classifier)
    assert [each.verdict for each in found[-3:]] == 3 * ["digit"]
    assert {each.verdict for each in found[:-3]} == {"unsure"}


EURO = np.full((100, 70), 255, np.uint8)
cv2.ellipse(EURO, (48, 50), (22, 28), 0, 60, 300, 0, 5)
for y in (44, 56):
    cv2.line(EURO, (16, y), (46, y), 0, 4)


@pytest.mark.parametrize("number", ["80", "080", "0810", "1880"])
def test_an_amount_is_not_turned_for_its_sign_that_is_a_3_on_its_head(classifier, number):
    assert text_of(np.hstack([EURO, write(number)[:, 20:]]), classifier) == f"?{number}"


@pytest.mark.parametrize("number", ["80", "080", "0810", "1880"])
def test_nor_is_it_turned_for_a_sign_behind_it_which_is_left_out_as_units_are(classifier, number):
    assert text_of(np.hstack([write(number), EURO]), classifier) == number


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_that_lies_on_its_side_is_turned(classifier, turns):
    page = stacked(write("42753"), write("74235"))
    ink = find_ink(np.ascontiguousarray(np.rot90(page, turns)))
    rows = find_numbers(ink, classifier)
    assert ["".join(each.text for each in row) for row in rows] == ["42753", "74235"]
    for row in rows:
        for digit in row:
            assert ink[digit.box.slices].max() == 1
            assert ink[digit.box.slices].sum() == pytest.approx(digit.ink.sum(), rel=0.05)


@pytest.mark.parametrize("ends", [(0, 0.7), (0, 0.1)], ids=["rules", "dashes"])
def test_lines_are_not_turned_to_be_ones(classifier, ends):
    picture = np.full((400, 520), 255, np.uint8)
    for i in range(4):
        left, top = (60, 60 + 80 * i) if ends[1] > 0.5 else (40 + 110 * i, 200)
        line = [(left + x, round(top + 3 * np.sin(x / 20))) for x in range(int(520 * ends[1]))]
        cv2.polylines(picture, [np.array(line)], False, 0, 6, cv2.LINE_AA)
    rows = find_numbers(find_ink(picture), classifier)
    assert Row(each for row in rows for each in row).verdict != "number"


@pytest.mark.parametrize("word", ["DOWN", "London", "APPLES", "WWW", "name", "WORD"])
def test_words_are_not_turned_for_letters_that_are_digits_that_way(classifier, word):
    picture = np.full((160, 700), 255, np.uint8)
    cv2.putText(picture, word, (30, 110), cv2.FONT_HERSHEY_DUPLEX, 3, 0, 7, cv2.LINE_AA)
    rows = find_numbers(find_ink(picture), classifier)
    assert Row(each for row in rows for each in row).verdict != "number"


def test_a_word_is_not_read_all_ways_up(classifier):
    """Its letters tell by themselves."""
    picture = np.full((160, 700), 255, np.uint8)
    cv2.putText(picture, "invoice", (30, 110), cv2.FONT_HERSHEY_DUPLEX, 3, 0, 7, cv2.LINE_AA)
    ink, asked = find_ink(picture), []
    for find in (find_upright, find_numbers):
        counting = Counting(classifier)
        find(ink, counting)
        asked.append(counting.asked)
    assert asked[1] < 3 * asked[0]


def test_a_page_on_its_head_is_turned_though_many_are_digits_that_way_too(classifier):
    rows = ["910680", "698105", "806913"]
    page = stacked(*map(write, rows))
    assert text_of(page[::-1, ::-1], classifier) == "\n".join(rows)


def test_rows_of_a_page_may_slope_by_a_third(classifier):
    rows = ["42753", "742", "3025", "94301"]
    page = np.pad(stacked(*(write(row, spacing=1.3) for row in rows)), 150, constant_values=255)
    middle = page.shape[1] / 2, page.shape[0] / 2
    for angle in (-20, 20):
        turn = cv2.getRotationMatrix2D(middle, angle, 1)
        askew = cv2.warpAffine(page, turn, page.shape[::-1], borderValue=255)
        assert text_of(askew, classifier) == "\n".join(rows)


def test_strokes_of_one_digit_stay_together(classifier):
    broken = {
        "5": [[(0.38, 0.26), (0.36, 0.48), *DIGITS[5][0][2:]], [(0.4, 0.16), (0.66, 0.16)]],
        "4": [
            [(0.5, 0.15), (0.28, 0.55), (0.74, 0.55)],
            [(0.6, 0.3), (0.6, 0.5)],
            [(0.6, 0.62), (0.6, 0.9)],
        ],
        "7": [*DIGITS[7], [(0.4, 0.52), (0.68, 0.5)]],
    }
    for digit, strokes in broken.items():
        picture = write("203")
        height = len(picture)
        own = np.full((height, height), 255, np.uint8)
        for stroke in strokes:
            points = (np.array(stroke) * (height - 20) + 10).round().astype(int)
            cv2.polylines(own, [points], False, 0, 6)
        assert text_of(np.hstack([picture, own, picture]), classifier) == f"203{digit}203"


@pytest.mark.parametrize("level", [190, 200, 210])
def test_digits_on_a_faint_rule_are_not_joined_by_it(classifier, level):
    picture = np.pad(write("3527"), 40, constant_values=255)
    rule = cv2.line(np.full_like(picture, 255), (20, 112), (picture.shape[1] - 20, 112), level, 3)
    assert text_of(np.minimum(picture, rule), classifier) == "3527"


@pytest.mark.parametrize("number", ["35", "207", "2735"])
def test_digits_that_touch_are_cut(classifier, number):
    picture = write(number, spacing=0.4)
    count, *_ = cv2.connectedComponents((picture < 128).astype(np.uint8))
    assert count < 1 + len(number)
    assert text_of(picture, classifier) == number


@pytest.mark.parametrize("number", ["35", "207", "2735", "382"])
def test_a_number_that_is_one_mark_is_read_with_confidence(classifier, number):
    picture = write(number, spacing=0.38)
    count, *_ = cv2.connectedComponents((picture < 128).astype(np.uint8))
    assert count == 1 + 1  # paper, and the mark
    (row,) = find_numbers(find_ink(picture), classifier)
    assert [each.text for each in row] == list(number)
    assert {each.verdict for each in row} == {"digit"}


class WithoutStrips:
    def __init__(self, classifier):
        self.read, self.strip = classifier, None

    def __call__(self, inputs):
        return self.read(inputs)


def test_strips_read_what_no_cut_parts(classifier, mnist):
    """Half of what is misread without them, at least; apart, nothing changes for the worse."""
    for touching, gain in ((0.5, 0.5), (0, 0)):
        rng = np.random.default_rng(0)
        written = [compose.number(mnist.test, rng, touching) for _ in range(60)]
        misses, without = (
            sum(text_of(picture, each) != text for picture, text in written)
            for each in (classifier, WithoutStrips(classifier))
        )
        assert misses <= (1 - gain) * without


def specks(rng):
    picture = np.full((1000, 1000), 255, np.uint8)
    for x, y in rng.integers(5, 995, (1000, 2)).tolist():
        cv2.circle(picture, (x, y), 2, 0, -1)
    return picture


def newspaper(rng):
    picture = np.full((1600, 1200), 245, np.uint8)
    for row in range(20, 1600, 22):
        words = "".join(rng.choice(list("abcdefghi jklmnop qrstuvwxyz "), 110))
        cv2.putText(picture, words, (10, row), cv2.FONT_HERSHEY_SIMPLEX, 0.55, 20, 1)
    return picture


def diagonals(rng, side=1600, step=6):
    picture = np.full((side, side), 255, np.uint8)
    for left in range(-side, side, step):
        cv2.line(picture, (left, 0), (left + side, side), 0, 1)
    return picture


def few_diagonals(rng):
    return diagonals(rng, 400, 12)


def zigzags(rng):
    picture = np.full((1600, 1600), 255, np.uint8)
    for row in range(20, 1580, 60):
        points = [(x, row + 40 * (x // 8 % 2)) for x in range(10, 1590, 8)]
        cv2.polylines(picture, [np.array(points)], False, 0, 2)
    return picture


def low_zigzags():
    """Each would be cut in hundreds of places, were it digits that touch."""
    picture = np.full((1600, 1600), 255, np.uint8)
    for row in range(12, 1590, 24):
        points = [(x, row + 8 * (-1) ** (x // 12)) for x in range(10, 1590, 12)]
        cv2.polylines(picture, [np.array(points)], False, 0, 3)
    return picture


def short_zigzags(rng):
    """As wide as what is still cut."""
    picture = np.full((1600, 1600), 255, np.uint8)
    for row, left in product(range(12, 1590, 24), range(10, 1300, 320)):
        points = [(left + x, row + 6 * (-1) ** (x // 10)) for x in range(0, 290, 10)]
        cv2.polylines(picture, [np.array(points)], False, 0, 3)
    return picture


def flat_and_thin(rng):
    """More flat marks than are looked at, and thin ones that make out what is typically high."""
    picture = np.full((1000, 1000), 255, np.uint8)
    for place in range(720):
        y, x = divmod(place, 60)
        picture[10 + 12 * y : 15 + 12 * y, 10 + 16 * x : 18 + 16 * x] = 0
    for place in range(1200):
        y, x = divmod(place, 100)
        picture[200 + 40 * y : 225 + 40 * y, 5 + 9 * x] = 0
    return picture


ABUSE = {
    "diagonals": diagonals,
    "few diagonals": few_diagonals,
    "zigzags": zigzags,
    "short zigzags": short_zigzags,
    "flat and thin marks": flat_and_thin,
    "noise": lambda rng: rng.integers(0, 256, (1600, 1200), dtype=np.uint8),
    "clouds": lambda rng: cv2.resize(
        rng.integers(0, 256, (80, 60), dtype=np.uint8), (1200, 1600), interpolation=cv2.INTER_CUBIC
    ),
    "a newspaper": newspaper,
    "a thousand specks": specks,
    "stripes": lambda rng: np.tile(np.uint8([[0], [255], [255]]), (500, 1200)),
    "checks": lambda rng: (
        np.kron(np.indices((100, 100)).sum(0) % 2, np.ones((8, 8))).astype(np.uint8) * 255
    ),
    "all ink": lambda rng: np.zeros((800, 600), np.uint8),
    "all paper": lambda rng: np.full((800, 600), 255, np.uint8),
}


class Counting:
    """A classifier that counts what it is asked."""

    def __init__(self, classifier):
        self.classifier, self.asked = classifier, 0

    def __call__(self, inputs):
        self.asked += len(inputs)
        return self.classifier(inputs)

    def strip(self, inputs):
        self.asked += inputs.shape[2] / 28
        return self.classifier.strip(inputs)


@pytest.mark.parametrize("name", ABUSE)
def test_what_holds_no_number_is_answered_within_bounds(classifier, name):
    """Of what the network is asked, and of memory: some floats for each pixel."""
    ink = find_ink(ABUSE[name](np.random.default_rng(0)))
    counting = Counting(classifier)
    tracemalloc.start()
    find_numbers(ink, counting)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert counting.asked <= 4 * 2800  # at most four ways up
    assert most <= 40e6 + 30 * ink.nbytes


def test_marks_that_are_far_wider_than_high_are_not_cut(classifier):
    counting = Counting(classifier)
    find_numbers(find_ink(low_zigzags()), counting)
    assert counting.asked <= 4 * 100  # each as it is, four ways up


def test_a_thousand_digits_are_read(classifier):
    text = "1234567890246801357923567"
    assert text_of(np.vstack([write(text, 60)] * 40), classifier).count(text) >= 38


def test_what_is_asked_grows_with_the_ink_and_not_with_its_square(classifier):
    counting = [Counting(classifier), Counting(classifier)]
    for rows, each in zip((5, 20), counting, strict=True):
        find_numbers(find_ink(np.vstack([write("2345670")] * rows)), each)
    assert counting[1].asked <= 5 * counting[0].asked


def test_paper_holds_no_number(classifier):
    assert find_numbers(np.zeros((50, 50), np.float32), classifier) == []
    assert text_of(np.full((60, 60), 200, np.uint8), classifier) == ""


def test_one_digit_is_a_number_of_one(classifier):
    assert text_of(draw(4), classifier) == "4"


def told(left, height, is_digit=1.0):
    """A 7 at a place of its row."""
    shares = np.eye(10)[7]
    ink = np.ones((height, height // 2), np.float32)
    return Digit(Box(left, 100 - height, height // 2, height), 0.0, ink, ink, shares, is_digit)


PLACES = {
    "a row": ([told(left, 50) for left in (0, 40, 80)], [True, True, True]),
    "digits far apart, as in boxes": ([told(left, 50) for left in (0, 90, 180)], [True] * 3),
    "what is apart from a surer number": (
        [told(0, 50), told(40, 50), told(120, 50, 0.8), told(150, 50, 0.8)],
        [True, True, False, False],
    ),
    "what is of another size": (
        [told(0, 80, 0.8), told(50, 50), told(90, 50), told(130, 30)],
        [False, True, True, False],
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_digits_are_among_others_where_those_are_near_and_alike(name):
    row, are_among = PLACES[name]
    (found,) = among_others([row])
    assert [digit.is_among for digit in found] == are_among


def test_a_mark_alone_in_its_row_is_not_among_digits_where_others_are_not_alone():
    """It may be an arrow's shaft, a staple or a bracket."""
    number, alone = [told(0, 50), told(40, 50)], [told(0, 50, 0.8)]
    assert [row[0].is_among for row in among_others([number, alone])] == [True, False]
    assert [row[0].is_among for row in among_others([alone, alone])] == [True, True]
