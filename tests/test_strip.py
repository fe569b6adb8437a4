"""A mark as a strip, and what its places tell."""

from itertools import pairwise, product

import numpy as np
import pytest

from digits.strip import NONE, SIDE, STEP, Places, column_at, place_at, places_in, strip


def test_a_strip_is_as_high_as_mnists_frame_and_as_wide_as_its_ink_is_then():
    ink = np.zeros((90, 150), np.float32)
    ink[10:70, 5:125] = 1
    row = strip(ink)
    assert row.shape == (28, 40 + 2 * SIDE, 1)
    rows, columns, _ = np.nonzero(row)
    assert (rows.min(), rows.max()) == (4, 23)
    assert (columns.min(), columns.max()) == (SIDE, SIDE + 39)


def test_what_is_higher_than_wide_keeps_its_proportions():
    row = strip(np.ones((60, 12), np.float32))
    assert row.shape == (28, 4 + 2 * SIDE, 1)
    assert row.sum() == 4 * 20


def test_paper_is_a_strip_without_ink():
    assert not strip(np.zeros((5, 5), np.float32)).any()


def test_hairlines_are_widened():
    ink = np.zeros((200, 400), np.float32)
    ink[100] = ink[:, 100] = ink[:, 300] = 1
    assert strip(ink).sum() > 1.2 * 80  # three strokes, of 40 and twice 20 pixels


@pytest.mark.parametrize("scale", [0.5, 1, 3.7])
def test_columns_of_ink_and_places_of_its_strip_are_in_the_same_order(scale):
    width, pixels = 40 * scale, 40 + 2 * SIDE
    places = [place_at(column * scale, width, pixels) for column in range(41)]
    assert all(0 <= right - left <= 1 for left, right in pairwise(places))
    assert places[20] == pytest.approx(places_in(pixels) / 2, abs=1)
    assert places[40] - places[0] == 40 / STEP


def test_a_place_is_right_of_the_columns_that_come_before_it():
    for place in range(4, 20):
        column = column_at(place, 40, 40 + 2 * SIDE)
        assert place_at(column, 40, 40 + 2 * SIDE) == place
        assert place_at(column + 0.1, 40, 40 + 2 * SIDE) == place + 1


@pytest.mark.parametrize(
    ("shown", "changes"),
    [
        ("", []),
        ("11", []),
        ("17", [0.5]),
        ("1 7", [1]),
        ("1 1", [1]),
        ("1  77", [1.5]),
        ("377 2", [0.5, 3]),
    ],
)
def test_where_one_digit_gives_way_to_the_next(shown, changes):
    kinds = [NONE] * places_in(40 + 2 * SIDE)
    for place, kind in enumerate(shown, 9):
        kinds[place] = NONE if kind == " " else int(kind)
    found = Places(np.ones((20, 40), np.float32), network(np.eye(11)[kinds])).changes()
    assert found == [column_at(9 + change, 40, 40 + 2 * SIDE) for change in changes]


def network(answers):
    return lambda rows: answers[np.newaxis].astype(np.float32)


def test_between_two_columns_against_every_way_of_placing_a_digit():
    pixels = 4 + 2 * SIDE
    start, stop = place_at(1, 4, pixels), place_at(3.5, 4, pixels)
    assert stop - start == 2
    answers = np.random.default_rng(0).dirichlet(np.ones(11), places_in(pixels))
    expected = np.zeros(10)
    for one, other in product(range(11), repeat=2):
        if 10 > one == other or (one < 10) != (other < 10):
            expected[min(one, other)] += answers[start, one] * answers[start + 1, other]
    places = Places(np.ones((20, 4), np.float32), network(answers))
    assert places.between(1, 3.5) == pytest.approx(expected, rel=1e-3)


def test_a_strip_shows_any_digit_or_none():
    ink, count = np.ones((20, 20), np.float32), places_in(20 + 2 * SIDE)
    answers = np.tile(np.eye(11)[10], (count, 1))
    assert not Places(ink, network(answers)).shows_any
    answers[count // 2] = 0.6 * np.eye(11)[3] + 0.4 * np.eye(11)[10]
    assert Places(ink, network(answers)).shows_any


def test_beyond_the_ink_nothing_is_left_out():
    answers = np.tile(np.eye(11)[10], (places_in(20 + 2 * SIDE), 1))
    answers[-1] = np.eye(11)[7]
    places = Places(np.ones((20, 20), np.float32), network(answers))
    assert places.between(10, np.inf)[7] == pytest.approx(1, abs=1e-3)
    assert places.between(0, 10).sum() < 1e-3
