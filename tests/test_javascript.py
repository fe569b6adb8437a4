"""The page's pure modules under Node's own test runner, where there is a Node."""

import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node is not installed")
@pytest.mark.parametrize("file", sorted(Path("tests/js").glob("*.mjs")), ids=lambda path: path.stem)
def test_module(file):
    run = subprocess.run([NODE, "--test", file], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "# pass 0" not in run.stdout
