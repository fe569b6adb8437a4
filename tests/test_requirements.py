"""What serving needs is locked: every package by its version and the hashes of its files."""

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PINNED = re.compile(r"^([\w.-]+)==([\w.]+)((?:.*\\\n)*.*)", re.MULTILINE)


def pins(path):
    """(package, version, rest) of each requirement in a file."""
    return PINNED.findall(Path(path).read_text())


ASKED = {each[:2] for each in pins("requirements.in")}
LOCKED = {each[:2] for each in pins("requirements.txt")}


def test_the_lock_holds_what_was_asked_for_and_a_hash_of_everything():
    assert len(ASKED) > 10
    assert ASKED <= LOCKED
    without = [name for name, _, rest in pins("requirements.txt") if "--hash=sha256:" not in rest]
    assert without == []


def test_the_tests_run_with_what_is_locked():
    installed = set()
    for name, _ in LOCKED:  # some are for other systems or Pythons
        try:
            installed.add((name, version(name)))
        except PackageNotFoundError:
            continue
    assert len(installed) > 20
    assert installed <= LOCKED
