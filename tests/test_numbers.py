"""Whole numbers, composed of MNIST's test digits, are read as often as is claimed."""

import re
import subprocess
import sys

import pytest

# Exact, in percent: what the shipped network reaches on the test's few, less two standard errors.
AT_LEAST = {"none touching": 92, "a fifth of pairs touching": 95, "with signs, none touching": 93}


@pytest.fixture(scope="module")
def printed(mnist_path):
    mnist = ["--mnist", mnist_path] if mnist_path else []
    command = [sys.executable, "-m", "train.numbers", *mnist, "--strings", "300", "--pages", "5"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("kind", AT_LEAST)
def test_numbers_are_read_exactly(printed, kind):
    count, exact, accepted, wrong, _ = re.search(
        rf"^{kind} +([0-9]+) +([0-9.]+) +([0-9.]+) +([0-9.]+) +([0-9.]+)$", printed, re.MULTILINE
    ).groups()
    assert int(count) == 300
    assert float(exact) >= AT_LEAST[kind]
    assert float(accepted) - float(wrong) >= 0.85 * float(exact)  # most of them without reserve


def test_pages_are_measured_too(printed):
    assert len(re.findall("^pages of ten", printed, re.MULTILINE)) == 2
    assert len(re.findall("^pages on a desk", printed, re.MULTILINE)) == 1
