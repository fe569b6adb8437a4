"""The figures are those of the network that is shipped."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from train.evaluate import confusions


def test_confusions_against_a_count_by_hand():
    guesses = [0, 0, 7, 7, 9]
    counts = confusions(np.array([0, 0, 7, 1, 4]), np.eye(10)[guesses])
    expected = {(0, 0): 2, (7, 7): 1, (1, 7): 1, (4, 9): 1}
    assert {place: counts[place] for place in zip(*counts.nonzero(), strict=True)} == expected


def test_the_command_prints_the_card_s_figures_and_draws_them(mnist_path, tmp_path):
    mnist = ["--mnist", mnist_path] if mnist_path else []
    command = [sys.executable, "-m", "train.evaluate", *mnist, "--figures", str(tmp_path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    test = json.loads(Path("mnist_cnn.json").read_text())["test"]
    assert f"accuracy {test['accuracy']:.2%}, {test['misses']} misses" in printed
    table = [line.split() for line in printed.splitlines() if line[:5].strip().isdigit()]
    assert [row[0] for row in table] == list("0123456789")
    assert sum(int(row[1]) for row in table) == 10_000
    assert sum(int(row[2]) for row in table) == test["misses"]
    for name in ("training", "confusions", "misses", "network"):
        with Image.open(tmp_path / f"{name}.png") as picture:
            assert len(picture.convert("L").getcolors(1 << 16)) > 5  # not an empty sheet


def test_without_mnist_the_command_says_what_to_do():
    command = [sys.executable, "-m", "train.evaluate", "--mnist", "nowhere.npz"]
    failed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    assert "Could not read MNIST from nowhere.npz" in failed.stderr
    assert "Traceback" not in failed.stderr
