"""The benchmark measures what it says; how fast it is, is not tested."""

import json
import subprocess
import sys


def test_the_last_line_is_json_with_every_figure():
    command = [sys.executable, "-m", "train.benchmark", "--seconds", "0.5"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    figures = json.loads(printed.splitlines()[-1])
    assert set(figures["stages_ms"]) == {
        *("decode", "find ink", "segment", "normalise"),
        *("network", "network, where in doubt", "network, each of 16"),
        *("all", "all, as one digit", "five digits"),
    }
    for server in ("empty", "litert", "keras"):
        assert figures[server]["requests_per_s"] > 0
        assert figures[server]["p50_ms"] <= figures[server]["p99_ms"]
    assert 0 < figures["litert"]["ratio"] < figures["empty"]["ratio"] == 1
    assert all(figure > 0 for figure in figures["batch"].values())
