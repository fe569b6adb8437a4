"""Ink on tinted paper within the picture is read, and what is no such paper is left as it is."""

import cv2
import numpy as np
import pytest
from conftest import encode
from strokes import draw, photographed, write

from digits.read import read
from digits.tint import without_tint

MOST = {"a note": 150, "a dark label": 110, "a marker's stripe": 190}  # their grey, of 255


def noted(picture, grey, margin=70, paper=245):
    """A picture of dark ink on paper that takes some light away, on paper that takes none."""
    tinted = (picture.astype(np.float32) * grey / 255).astype(np.uint8)
    return np.pad(tinted, margin, constant_values=paper)


def turned(picture):
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 5, 1)
    return photographed(cv2.warpAffine(picture, turn, (width, height), borderValue=245))


@pytest.mark.parametrize("change", [lambda picture: picture, photographed, turned])
@pytest.mark.parametrize("kind", MOST)
def test_a_number_on_tinted_paper_is_read(classifier, kind, change):
    picture = change(noted(write("35027", pen=0.08), MOST[kind]))
    reading = read(encode(picture), classifier, 10_000_000)
    assert (reading.number, reading.verdict) == ("35027", "number")


@pytest.mark.parametrize("digit", [2, 5, 8])
def test_a_digit_on_a_note_is_read(classifier, digit):
    picture = photographed(noted(draw(digit, pen=0.06), 150, margin=150))
    reading = read(encode(picture), classifier, 10_000_000)
    assert (reading.number, reading.verdict) == (str(digit), "digit")


def framed():
    picture = write("35027")
    return cv2.rectangle(picture, (4, 4), (picture.shape[1] - 5, picture.shape[0] - 5), 0, 4)


NONE = {
    "bare paper": np.full((90, 120), 150, np.uint8),
    "a box": np.pad(framed(), 30, constant_values=255),
    "a stroke": np.pad(np.zeros((150, 30), np.uint8), 60, constant_values=255),
    "specks on it": np.where(np.random.default_rng(0).random((90, 120)) < 0.02, 60, 150),
    "a bar on it": np.pad(np.full((20, 60), 40, np.uint8), 40, constant_values=150),
    "a shade that is hardly seen": np.minimum(write("35"), 240),
    "a dark panel": write("35") // 4,
    "a texture": np.kron(
        np.where(np.random.default_rng(0).random((18, 24)) < 0.4, 60, 150), np.ones((5, 5))
    ),
}


@pytest.mark.parametrize("what", NONE)
def test_what_holds_no_strokes_is_left_as_it_is(what):
    darkness = 255 - np.pad(NONE[what].astype(np.uint8), 60, constant_values=255)
    assert without_tint(darkness, darkness) is darkness


def test_a_stamp_that_is_hardly_seen_is_left_as_it_is():
    stamp = cv2.resize(noted(write("35"), 150, margin=0), (60, 40))
    darkness = 255 - np.pad(stamp, 250, constant_values=255)
    assert without_tint(darkness, darkness) is darkness


@pytest.mark.parametrize("gap", [1, 4, 12])
def test_what_is_close_to_the_edge_of_a_note_is_not_lost(classifier, gap):
    """On it, and beside it."""
    note = noted(write("352", pen=0.08), 150, margin=0)
    left = note[:, : np.flatnonzero((note < 80).any(axis=0))[-1] + 1 + gap]
    one = write("1", pen=0.08)
    one = one[:, np.flatnonzero((one < 128).any(axis=0))[0] - gap :]
    sheet = np.pad(np.hstack([left, one]), 60, constant_values=255)
    reading = read(encode(sheet), classifier, 10_000_000)
    assert reading.verdict != "number" or reading.number == "3521"
