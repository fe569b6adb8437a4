"""Everyday scenes are composed as they are named, and most are read."""

import re
import shutil
import subprocess
import sys

import cv2
import numpy as np
import pytest
from strokes import draw

from train.data import Digits
from train.handwriting import Handwriting
from train.scenes import SCENES, Hand, compose_one


@pytest.fixture(scope="module")
def unseen(fonts, tmp_path_factory):
    """A folder of which one font is not trained with."""
    (font,) = fonts.glob("DejaVu*/files/*")
    folder = tmp_path_factory.mktemp("unseen")
    for name in "abcde":
        shutil.copy(font, folder / f"{name}-latin-400-normal.woff2")
    return folder


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: "-".join(f.__name__ for f in scene))
def test_a_scene_is_a_picture_with_ink_and_what_it_says(unseen, scene):
    images = np.stack([1 - draw(digit, 28) / np.float32(255) for digit in range(10)])
    hand = Hand(Digits(images, np.arange(10)), Handwriting(unseen, unseen=True), None)
    pictures = []
    for seed in (0, 0, 1):
        hand.rng = np.random.default_rng(seed)
        jpeg, text = compose_one(hand, *scene)
        assert text is None or re.fullmatch(r"[0-9]+%?(\n[0-9]+)*", text)
        pictures.append(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE))
    assert np.array_equal(*pictures[:2])  # alike for the same seed
    for picture in pictures:
        assert min(picture.shape) > 90
        assert np.ptp(picture) > 40


def test_scenes_are_measured(unseen, mnist_path):
    mnist = ["--mnist", mnist_path] if mnist_path else []
    scenes = ["boxed", "by itself, blackboard", "words"]
    command = [
        sys.executable,
        "-m",
        "train.scenes",
        *mnist,
        "--handwriting",
        unseen,
        "--count",
        "8",
    ]
    printed = subprocess.run(
        [*command, "--only", *scenes], capture_output=True, text=True, check=True
    ).stdout
    rows = re.findall(r"^(.{40}) *([0-9]*) +([0-9]+)$", printed, re.MULTILINE)
    assert sorted(name.strip() for name, *_ in rows) == sorted(scenes)
    exact = {name.strip(): share for name, share, _ in rows}
    assert exact.pop("words") == ""  # nothing is to be read in them
    assert min(map(int, exact.values())) >= 50
