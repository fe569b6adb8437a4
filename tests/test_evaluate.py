"""The figures that are claimed are those of the network that is shipped, and none falls."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from train.measure import Measured, confusions

README = Path("README.md").read_text()


def of_guesses(labels, guesses):
    answers = np.insert(np.eye(10)[guesses], 10, 1, axis=1)
    return Measured("", np.zeros((len(labels), 28, 28, 1)), np.array(labels), answers)


def test_confusions_against_a_count_by_hand():
    counts = confusions(of_guesses([0, 0, 7, 1, 4], [0, 0, 7, 7, 9]))
    expected = {(0, 0): 2, (7, 7): 1, (1, 7): 1, (4, 9): 1}
    assert {place: counts[place] for place in zip(*counts.nonzero(), strict=True)} == expected


def test_what_is_no_digit_is_never_right_and_is_accepted_by_both_probabilities():
    measured = of_guesses([3, 10, 10], [3, 3, 3])
    measured.answers[2, 10] = 0.1
    assert measured.right.tolist() == [True, False, False]
    assert measured.accepted.tolist() == [True, True, False]


@pytest.fixture(scope="module")
def evaluation(mnist_path, tmp_path_factory):
    """The command on all of MNIST's test digits, a fifth of them corrupted: its words and page."""
    folder = tmp_path_factory.mktemp("report")
    mnist = ["--mnist", mnist_path] if mnist_path else []
    options = ["--corrupted", "2000", "--report", str(folder)]
    command = [sys.executable, "-m", "train.evaluate", *mnist, *options]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return printed, (folder / "index.html").read_text()


def percentages(printed):
    """{set: share of best guesses that are right}"""
    rows = re.findall(r"^(\w+) +\d+ +([\d.]+) +[\d.]+ +[\d.]+$", printed, re.MULTILINE)
    return {name: float(right) for name, right in rows}


def figure(pattern, printed):
    return float(re.search(pattern + r" ([\d.]+)", printed)[1])


def test_the_card_s_figures_are_printed_digit_by_digit(evaluation):
    printed, _ = evaluation
    test = json.loads(Path("mnist_cnn.json").read_text())["test"]
    assert f"accuracy {test['accuracy']:.2%}, {test['misses']} misses" in printed
    table = [line.split() for line in printed.splitlines() if line[:5].strip().isdigit()]
    assert [row[0] for row in table] == list("0123456789")
    assert sum(int(row[1]) for row in table) == 10_000
    assert sum(int(row[2]) for row in table) == test["misses"]


# The least, and for errors the most, that each figure may come to, in percent.
AT_LEAST = {"MNIST": 99.6, "optdigits": 99.3, "pendigits": 97.5, "semeion": 97, "usps": 98}


@pytest.mark.parametrize("name", AT_LEAST)
def test_no_set_is_read_worse_than_is_claimed(evaluation, name):
    found = percentages(evaluation[0])
    if name not in found:
        pytest.skip(f"needs {name}.npz in $OTHERS")
    assert found[name] >= AT_LEAST[name]


def test_corrupted_digits_are_read_as_well_as_is_claimed(evaluation):
    printed, _ = evaluation
    assert figure(r"15 corruptions: mean", printed) >= 98.5
    assert figure(r"15 corruptions: .*worst", printed) >= 96


def test_both_error_rates_of_the_operating_point_are_as_claimed(evaluation):
    printed, _ = evaluation
    assert figure(r"shifted digits: declined", printed) <= 8.5
    assert figure(r"shifted digits: .*accepted and wrong", printed) <= 0.5
    assert figure(r"unseen letters and scribbles: accepted", printed) <= 4.5


def test_confidence_means_what_it_says(evaluation):
    printed, _ = evaluation
    assert figure(r"shifted +", printed.partition("calibration error")[2]) <= 2


def test_the_page_holds_every_section_and_its_pictures(evaluation):
    _, page = evaluation
    headings = re.findall("<h2>(.*?)</h2>", page)
    assert [heading.split()[0] for heading in headings] == [
        *("Accuracy", "Fifteen", "Confusions", "Misses,", "Reliability"),
        *("What", "Where", "Training", "The"),
    ]
    pictures = re.findall('src="([^"]{0,22})', page)
    assert len(pictures) >= 8 + 15
    assert set(pictures) == {"data:image/png;base64,"}  # nothing is fetched


def test_without_mnist_the_command_says_what_to_do():
    command = [sys.executable, "-m", "train.evaluate", "--mnist", "nowhere.npz"]
    failed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    assert "Could not read MNIST from nowhere.npz" in failed.stderr
    assert "Traceback" not in failed.stderr
