"""The benchmark of the page measures what it says; how fast it is, is not tested."""

import json
import subprocess
import sys


def test_the_last_line_is_json_with_every_figure():
    command = [sys.executable, "-m", "train.hand", "--moves", "3", "--stroke", "120"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    figures = json.loads(printed.splitlines()[-1])
    assert 0 < figures["answer"]["median_ms"] <= figures["answer"]["longest_ms"]
    stroke = figures["stroke"]
    assert stroke["frames"] > 60
    assert 0 < stroke["own_ms"] <= stroke["own_longest_ms"]
    assert 0 <= stroke["own_frames"] <= stroke["late"] <= stroke["frames"]
