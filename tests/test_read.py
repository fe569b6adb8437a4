"""From bytes to answer, with the network that is shipped."""

import cv2
import numpy as np
import pytest
from conftest import encode
from strokes import DIGITS, draw, write

from digits.image import UnknownFormat
from digits.judge import AMONG, BESIDE, DIGIT, SURE, Digit
from digits.read import Reading, Row, read, read_many

WAYS = {
    "plain": {},
    "hairline": {"pen": 0.008},
    "fat marker": {"pen": 0.14},
    "small in a corner": {"at": (0.75, 0.7), "size": 0.22},
    "white on black": {"ink": 255, "paper": 0},
    "faint": {"ink": 205, "paper": 235},
    "28 pixels": {"side": 28},
    "1500 pixels": {"side": 1500, "pen": 0.01},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("digit", DIGITS)
def test_every_way_of_drawing_is_read(classifier, digit, way):
    reading = read(encode(draw(digit, **WAYS[way])), classifier, 10_000_000)
    assert reading.number == str(digit)
    assert reading.verdict == "digit"
    assert reading.confidence > 0.7


@pytest.mark.parametrize("digit", DIGITS)
def test_ink_on_transparent_is_read(classifier, digit):
    alpha = 255 - draw(digit)
    for colour in (0, 255):
        picture = np.dstack([np.full((*alpha.shape, 3), colour, np.uint8), alpha])
        assert read(encode(picture), classifier, 10_000_000).number == str(digit)


@pytest.mark.parametrize("most", [40, 127])
def test_ink_that_is_translucent_everywhere_is_read(classifier, most):
    alpha = ((255 - draw(5)) / 255 * most).astype(np.uint8)
    picture = np.dstack([np.zeros((*alpha.shape, 3), np.uint8), alpha])
    assert read(encode(picture), classifier, 10_000_000).number == "5"


@pytest.mark.parametrize("digit", DIGITS)
def test_a_grey_photo_with_a_shadow_is_read(classifier, digit):
    y, x = np.mgrid[0:280, 0:280] / 279
    light = 0.8 - 0.35 / (1 + np.exp((x + 0.5 * y - 0.7) * 30))
    grain = np.random.default_rng(digit).normal(0, 3, x.shape)
    photo = (draw(digit) * 0.7 + 76) * light + grain
    picture = encode(photo.clip(0, 255).astype(np.uint8), format="JPEG")
    assert read(picture, classifier, 10_000_000).number == str(digit)


def test_probabilities_sum_to_one(classifier):
    (digit,) = read(encode(draw(4)), classifier, 10_000_000).digits
    assert digit.probabilities.shape == (10,)
    assert digit.probabilities.sum() == pytest.approx(1, abs=1e-12)
    assert digit.confidence == digit.is_digit * digit.probabilities[digit.value]


def test_blank_paper_is_blank(classifier):
    reading = read(encode(np.full((99, 99), 240, np.uint8)), classifier, 10_000_000)
    assert (reading.verdict, reading.number, reading.digits) == ("blank", "", [])
    assert reading.confidence == 1


@pytest.mark.parametrize("scale", [1, 3])
def test_the_box_is_in_pixels_of_the_picture_as_sent(classifier, scale):
    picture = np.full((1000 * scale, 1000 * scale), 255, np.uint8)
    picture[200 * scale : 700 * scale, 400 * scale : 450 * scale] = 0
    (digit,) = read(encode(picture), classifier, 10_000_000).digits
    assert digit.box == pytest.approx(
        [400 * scale, 200 * scale, 50 * scale, 500 * scale], abs=scale
    )


@pytest.mark.parametrize("shape", [(1, 9000), (9000, 1), (3, 5000)])
def test_a_box_lies_in_its_picture_however_narrow_that_is(classifier, shape):
    picture = np.full(shape, 255, np.uint8)
    picture[: shape[0] // 2 + 1, : shape[1] // 2 + 1] = 0
    reading = read(encode(picture), classifier, 10_000_000)
    for digit in reading.digits:
        assert digit.box.x + digit.box.width <= shape[1]
        assert digit.box.y + digit.box.height <= shape[0]


@pytest.mark.parametrize("width", [1, 2, 3])
@pytest.mark.parametrize("height", [12, 16, 28, 300])
def test_a_line_of_any_size_is_a_one(classifier, width, height):
    picture = np.full((height + 20, height + 20), 255, np.uint8)
    picture[10:-10, height // 2 : height // 2 + width] = 0
    assert read(encode(picture), classifier, 10_000_000).number == "1"


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("pen", [0.06, 0.14, 0.2])
def test_ink_cropped_out_of_transparency_is_read(classifier, digit, pen):
    """However much of its crop a fat pen covers."""
    alpha = 255 - draw(digit, pen=pen)
    rows, columns = (np.flatnonzero(alpha.max(axis=axis)) for axis in (1, 0))
    alpha = alpha[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    picture = np.dstack([np.zeros((*alpha.shape, 3), np.uint8), alpha])
    assert read(encode(picture), classifier, 10_000_000).number == str(digit)


@pytest.mark.parametrize("seed", range(30))
def test_any_picture_is_answered(classifier, seed):
    rng = np.random.default_rng(seed)
    height, width = rng.integers(1, 40, 2)
    picture = rng.choice([0, 128, 255], (height, width), p=rng.dirichlet([1, 1, 1]))
    reading = read(encode(picture.astype(np.uint8)), classifier, 10_000_000)
    assert reading.verdict in ("digit", "unsure", "not_a_digit", "blank")


def told(is_digit, probability, beside=0, **others):
    """A reading of one mark, whatever it is."""
    rest = (1 - probability) / 9
    probabilities = np.where(np.arange(10) == 4, probability, rest)
    empty = np.zeros((1, 1), np.float32)
    digit = Digit((0, 0, 1, 1), beside, empty, empty, probabilities, is_digit, **others)
    return Reading(empty, empty, [Row([digit])])


VERDICTS = [
    (1.0, 1.0, 0, "digit", "4"),
    (1.0, SURE, 0, "digit", "4"),
    (1.0, SURE - 0.01, 0, "unsure", "4"),
    (SURE, 0.99, 0, "unsure", "4"),
    (DIGIT, 1.0, 0, "unsure", "4"),
    (DIGIT - 0.01, 1.0, 0, "not_a_digit", "?"),
    (1.0, 1.0, BESIDE, "digit", "4"),
    (1.0, 1.0, BESIDE + 0.01, "unsure", "4"),
]


@pytest.mark.parametrize(("is_digit", "probability", "beside", "verdict", "number"), VERDICTS)
def test_the_verdict_follows_both_probabilities(is_digit, probability, beside, verdict, number):
    reading = told(is_digit, probability, beside)
    assert (reading.verdict, reading.number) == (verdict, number)
    assert reading.digits[0].value == 4  # the best guess comes with every verdict
    halved = 2 if beside > BESIDE else 1
    assert reading.confidence == pytest.approx(is_digit * probability / halved)


def test_a_digit_among_others_need_not_be_as_sure():
    assert told(1.0, AMONG).verdict == "unsure"
    assert told(1.0, AMONG, is_among=True).verdict == "digit"
    assert told(1.0, AMONG - 0.01, is_among=True).verdict == "unsure"


NO_DIGITS = {
    "a cross": [[(0.2, 0.2), (0.8, 0.8)], [(0.8, 0.2), (0.2, 0.8)]],
    "a dash": [[(0.2, 0.5), (0.8, 0.52)]],
    "a tick": [[(0.2, 0.5), (0.4, 0.75), (0.85, 0.2)]],
    "an A": [[(0.2, 0.85), (0.5, 0.15), (0.8, 0.85)], [(0.32, 0.6), (0.68, 0.6)]],
    "an M": [[(0.2, 0.8), (0.25, 0.2), (0.5, 0.6), (0.75, 0.2), (0.8, 0.8)]],
    "an X in a box": [
        [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8), (0.2, 0.2)],
        [(0.2, 0.2), (0.8, 0.8)],
        [(0.8, 0.2), (0.2, 0.8)],
    ],
    "an arrow": [[(0.1, 0.5), (0.9, 0.5)], [(0.65, 0.3), (0.9, 0.5), (0.65, 0.7)]],
    "a scribble": [
        [(0.2 + 0.6 * (i * 7 % 11) / 10, 0.2 + 0.6 * (i * 5 % 13) / 12) for i in range(24)]
    ],
}


@pytest.mark.parametrize("name", NO_DIGITS)
def test_what_is_no_digit_is_not_read_as_one(classifier, monkeypatch, name):
    monkeypatch.setitem(DIGITS, name, NO_DIGITS[name])
    assert read(encode(draw(name)), classifier, 10_000_000).verdict in ("not_a_digit", "unsure")


def test_one_of_several_digits_is_not_read_as_if_it_were_alone(classifier):
    picture = encode(np.hstack([draw(3), draw(5), draw(2)]))
    assert read(picture, classifier, 10_000_000, "digit").verdict in ("not_a_digit", "unsure")
    reading = read(picture, classifier, 10_000_000)
    assert (reading.verdict, reading.number) == ("number", "352")
    assert all(digit.is_among for digit in reading.digits)


@pytest.mark.parametrize("mode", ["auto", "number"])
def test_several_digits_are_a_number(classifier, mode):
    reading = read(encode(write("94301")), classifier, 10_000_000, mode)
    assert (reading.verdict, reading.number) == ("number", "94301")
    assert reading.confidence == pytest.approx(np.prod([d.confidence for d in reading.digits]))
    lefts = [digit.box.x for digit in reading.digits]
    assert lefts == sorted(lefts)


@pytest.mark.parametrize("mode", ["auto", "number"])
def test_digits_of_a_fainter_pen_are_not_left_out(classifier, mode):
    picture = np.hstack([write("86"), write("52", ink=150), write("7"), write("3", ink=150)])
    reading = read(encode(picture), classifier, 10_000_000, mode)
    assert (reading.number, reading.verdict) == ("865273", "number")


def test_a_column_of_digits_is_no_one(classifier):
    column = np.vstack([draw(digit, 80, pen=0.09) for digit in (8, 3, 6, 2, 9, 5)])
    reading = read(encode(np.pad(column, 60, constant_values=255)), classifier, 10_000_000)
    assert (reading.number, reading.verdict) == ("8\n3\n6\n2\n9\n5", "number")


def test_what_is_no_digit_is_not_outvoted_by_a_number_that_hardly_is_one(classifier):
    cross = np.full((108, 108), 255, np.uint8)
    for x, y in ((18, 90), (90, 18)):
        cv2.line(cross, (x, 18), (y, 90), 0, 4, cv2.LINE_AA)
    assert read(encode(cross), classifier, 10_000_000).verdict == "not_a_digit"


@pytest.mark.parametrize("mode", ["auto", "number"])
def test_one_digit_alone_is_read_alike_as_a_number(classifier, mode):
    reading = read(encode(draw(7)), classifier, 10_000_000, mode)
    assert (reading.verdict, reading.number) == ("digit", "7")


@pytest.mark.parametrize("mode", ["auto", "number"])
@pytest.mark.parametrize("gap", [0.2, 0.5])
@pytest.mark.parametrize("digit", DIGITS)
def test_a_sign_before_one_digit_is_of_its_number(classifier, digit, gap, mode):
    for sign in "-+":
        sheet = np.full((280, 400), 255, np.uint8)
        sheet[:, 120:] = draw(digit)
        left = 120 + np.flatnonzero(draw(digit).min(axis=0) < 128)[0]
        end = int(left - gap * 180)
        cv2.line(sheet, (end - 60, 140), (end, 140), 0, 16)
        if sign == "+":
            cv2.line(sheet, (end - 30, 110), (end - 30, 170), 0, 16)
        reading = read(encode(sheet), classifier, 10_000_000, mode)
        assert (reading.number, reading.verdict) == (f"{sign}{digit}", "number")


@pytest.mark.parametrize("mode", ["auto", "number"])
@pytest.mark.parametrize(("text", "digits"), [("=5", 1), ("=8", 1), ("=42", 2)])
def test_an_equals_sign_that_comes_first_is_no_two_dashes(classifier, text, digits, mode):
    sheet = np.pad(write(text[1:], 160), ((20, 20), (80, 0)), constant_values=255)
    left = int(np.flatnonzero(sheet.min(axis=0) < 128)[0]) - 25
    for y in (90, 115):
        cv2.line(sheet, (left - 45, y), (left, y), 0, 9)
    reading = read(encode(sheet), classifier, 10_000_000, mode)
    assert (reading.number, reading.verdict) == (text, "number")
    assert len(reading.digits) == digits


def test_a_crumb_before_a_digit_is_no_minus(classifier):
    sheet = np.full((280, 400), 255, np.uint8)
    sheet[:, 120:] = draw(5)
    left = 120 + int(np.flatnonzero(draw(5).min(axis=0) < 128)[0])
    cv2.line(sheet, (left - 50, 140), (left - 22, 140), 0, 9)
    reading = read(encode(sheet), classifier, 10_000_000)
    assert (reading.number, reading.verdict) == ("5", "digit")


@pytest.mark.parametrize("mode", ["auto", "number"])
@pytest.mark.parametrize("at", [(0.55, 0.02), (0.55, 0.3), (0.55, 0.6)])
def test_a_digit_lower_than_half_of_its_neighbour_is_not_left_out_in_silence(classifier, mode, at):
    """Raised, as the cents of a price are, and not."""
    for low in (2, 3, 5, 6, 9):
        sheet = np.full((400, 560), 255, np.uint8)
        sheet[:, :400] = draw(7, 400)
        cents = draw(low, 400, at=at, size=0.4, pen=0.1)
        sheet[:, 160:] = np.minimum(sheet[:, 160:], cents)
        reading = read(encode(sheet), classifier, 10_000_000, mode)
        assert (reading.number, reading.verdict) == (f"7{low}", "unsure")


@pytest.mark.parametrize("after", [".", ",", "°", "'"])
def test_what_is_no_low_digit_casts_no_doubt(classifier, after):
    sheet = write("25", 160)
    sheet = np.pad(sheet, ((20, 40), (0, 60)), constant_values=255)
    foot = int(np.flatnonzero(sheet.min(axis=1) < 128)[-1])
    right = int(np.flatnonzero(sheet.min(axis=0) < 128)[-1]) + 30
    x, top = right, foot - 100
    {
        ".": lambda: cv2.circle(sheet, (x, foot - 6), 7, 0, -1),
        ",": lambda: cv2.line(sheet, (x, foot - 10), (x - 8, foot + 22), 0, 9),
        "°": lambda: cv2.circle(sheet, (x, top), 17, 0, 7),
        "'": lambda: cv2.line(sheet, (x, top - 15), (x - 3, top + 22), 0, 8),
    }[after]()
    reading = read(encode(sheet), classifier, 10_000_000)
    assert (reading.number, reading.verdict) == ("25", "number")


def test_the_boxes_of_a_number_are_in_pixels_of_the_picture_as_sent(classifier):
    picture = np.kron(write("352", 300), np.ones((3, 3), np.uint8))
    assert max(picture.shape) > 1600
    reading = read(encode(picture), classifier, 10_000_000)
    assert reading.number == "352"
    for digit in reading.digits:
        x, y, width, height = digit.box
        inside = picture[y : y + height, x : x + width]
        assert (inside < 128).mean() > 0.1
        assert 400 < height < 900


def with_dark(part):
    def cover(picture):
        picture = picture.copy()
        part(picture)
        return picture

    return cover


EDGES = {
    "a strip along the top": with_dark(lambda picture: picture[:12].fill(30)),
    "a desk to the right": with_dark(lambda picture: picture[:, -30:].fill(40)),
    "a thumb in a corner": with_dark(lambda picture: cv2.circle(picture, (0, 279), 50, 70, -1)),
}


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("digit", DIGITS)
def test_what_reaches_into_the_picture_casts_no_doubt(classifier, digit, edge):
    reading = read(encode(EDGES[edge](draw(digit))), classifier, 10_000_000)
    assert (reading.verdict, reading.number) == ("digit", str(digit))


def test_a_leaning_line_at_the_edge_is_none_of_the_number(classifier):
    """It may be where the paper ends."""
    picture = np.pad(write("5"), ((30, 30), (30, 10)), constant_values=255)
    cv2.line(picture, (7, 40), (2, 120), 0, 6)
    reading = read(encode(picture), classifier, 10_000_000)
    assert (reading.verdict, reading.number) == ("digit", "5")


@pytest.mark.parametrize("number", ["52", "37", "80"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_digit_that_touches_the_edge_is_of_the_number(classifier, number, side):
    picture = write(number)
    inked = np.flatnonzero((picture < 128).any(axis=0))
    picture = picture[:, inked[0] :] if side == "left" else picture[:, : inked[-1] + 1]
    picture = np.pad(picture, ((30, 30), (0, 0)), constant_values=255)
    reading = read(encode(picture), classifier, 10_000_000)
    assert (reading.verdict, reading.number) == ("number", number)


def in_a_cell(picture):
    for at in (60, 220):
        cv2.line(picture, (at, 0), (at, 279), 0, 3)
        cv2.line(picture, (0, at), (279, at), 0, 3)


def over_a_rule(picture):
    cv2.line(picture, (0, 212), (279, 206), 0, 3)


PRINTED = {
    "a ring": lambda picture: cv2.circle(picture, (140, 140), 120, 0, 6),
    "a box": lambda picture: cv2.rectangle(picture, (40, 40), (240, 240), 0, 3),
    "a cell": in_a_cell,
    "a rule": over_a_rule,
}


@pytest.mark.parametrize("mode", ["auto", "digit"])
@pytest.mark.parametrize("name", PRINTED)
@pytest.mark.parametrize("digit", DIGITS)
def test_one_digit_in_print_is_read(classifier, digit, name, mode):
    picture = draw(digit, at=(0.275, 0.275), size=0.45)
    PRINTED[name](picture)
    assert read(encode(picture), classifier, 10_000_000, mode).number == str(digit)


@pytest.mark.parametrize("amount", ["50", "5027"])
@pytest.mark.parametrize("sign", "$#&")
def test_a_sign_that_is_none_of_ours_is_told_before_the_digits(classifier, sign, amount):
    picture = np.full((100, 70), 255, np.uint8)
    cv2.putText(picture, sign, (20, 74), cv2.FONT_HERSHEY_SIMPLEX, 2.2, 0, 4)
    picture = np.hstack([picture, write(amount)[:, 20:]])
    reading = read(encode(picture), classifier, 10_000_000)
    assert (reading.number, reading.verdict) == (f"?{amount}", "unsure")


def test_crumbs_that_lines_leave_are_no_digits(classifier):
    picture = np.full((160, 160), 255, np.uint8)
    cv2.line(picture, (5, 80), (155, 84), 0, 4)
    cv2.line(picture, (5, 40), (155, 44), 0, 4)
    cv2.line(picture, (150, 4), (150, 14), 0, 3)
    assert read(encode(picture), classifier, 10_000_000, "digit").verdict != "digit"


def test_many_are_read_as_each_alone_however_few_are_held_at_once(classifier, monkeypatch):
    pictures = [encode(draw(3)), b"no picture", encode(write("718")), encode(draw(5))]
    alone = [read(pictures[i], classifier, 10_000_000) for i in (0, 2, 3)]
    for room in (1, 10_000_000):
        monkeypatch.setattr("digits.read.ROOM", room)
        first, bad, *rest = read_many(pictures, classifier, 10_000_000)
        assert isinstance(bad, UnknownFormat)
        assert [each.number for each in (first, *rest)] == ["3", "718", "5"]
        confidences = [each.confidence for each in (first, *rest)]
        assert confidences == pytest.approx([each.confidence for each in alone], abs=1e-3)
