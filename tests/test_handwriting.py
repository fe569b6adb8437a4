"""Fonts' letters and digits are drawn as ink, and none that a font does not have."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from train.handwriting import LETTERS, Handwriting, HandwritingError, known_of

LIST = Path("train/handwriting.txt")


@pytest.fixture(scope="module")
def handwriting(fonts):
    return Handwriting(fonts)


def test_what_is_drawn_is_ink_in_the_middle(handwriting):
    rng = np.random.default_rng(0)
    drawn = [handwriting.letter(rng, count) for count in (1, 1, 2, 4) for _ in range(50)]
    for ink in [*drawn, *(handwriting.digit(digit, rng) for digit in range(10))]:
        assert ink.shape == (84, 84)
        assert ink.dtype == np.float32
        assert 0 <= ink.min() <= ink.max() <= 1
        assert ink.sum() > 30
        assert not ink[:8].any()
        assert not ink[:, -8:].any()


def test_digits_differ_and_are_alike_for_the_same_seed(handwriting):
    ten = [handwriting.digit(digit, np.random.default_rng(0)) for digit in range(10)]
    assert len({ink.tobytes() for ink in ten}) == 10
    assert np.array_equal(ten[7], handwriting.digit(7, np.random.default_rng(0)))


def test_a_word_is_as_large_as_digits_of_a_size_and_its_letters_hang_below_their_foot(handwriting):
    rng = np.random.default_rng(0)
    for size in (20, 48):
        ink, below = handwriting.word("H", size, rng)
        assert ink.dtype == np.float32
        assert 0 <= ink.min() <= ink.max() == 1
        assert len(ink) == pytest.approx(size, rel=0.1)
        assert below == pytest.approx(0, abs=1)
        _, below = handwriting.word("g", size, rng)
        assert 0.2 * size <= below <= 0.4 * size


def test_what_a_font_does_not_have_is_not_drawn_with_it(handwriting):
    (whole, letters), (symbols, others) = handwriting.of_letters
    assert set(letters) == set(LETTERS)
    assert set(others) == {"{", "}"}
    assert handwriting.of_digits == [whole]
    assert known_of(symbols) == set(others)


def test_a_folder_without_fonts_is_refused(tmp_path):
    with pytest.raises(HandwritingError, match="no fonts"):
        Handwriting(tmp_path)


def test_a_file_that_is_no_font_is_named(tmp_path):
    (tmp_path / "broken-latin-400-normal.woff2").write_bytes(b"wOF2" + bytes(100))
    with pytest.raises(HandwritingError, match="broken-latin"):
        Handwriting(tmp_path)


def test_one_of_ten_fonts_is_left_to_measure_on(fonts, tmp_path):
    (font,) = fonts.glob("DejaVu*/files/*")
    for name in "abcdefghij":
        shutil.copy(font, tmp_path / f"{name}-latin-400-normal.woff2")
    seen, unseen = Handwriting(tmp_path), Handwriting(tmp_path, unseen=True)
    names = [{Path(font.path).name[0] for font in part.of_digits} for part in (seen, unseen)]
    assert names == [set("abcdfghij"), {"e"}]
    assert seen.origin["fonts"] == 9
    assert seen.origin["sha256"] != unseen.origin["sha256"]


def test_the_list_is_of_packages():
    names = LIST.read_text().split()
    assert len(set(names)) == len(names) > 200
    assert all(re.fullmatch(r"@fontsource/[a-z0-9-]+", name) for name in names)
