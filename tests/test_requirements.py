"""What serving needs is locked: every package by its version and the hashes of its files."""

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PINNED = re.compile(r"^([\w.-]+)==([\w.]+)((?:.*\\\n)*.*)", re.MULTILINE)


def pins(path):
    """{package: version} of a requirements file, and its (package, rest) pairs."""
    found = PINNED.findall(Path(path).read_text())
    return {name: number for name, number, _ in found}, [(name, rest) for name, _, rest in found]


def test_the_lock_holds_what_was_asked_for_and_a_hash_of_everything():
    asked, _ = pins("requirements.in")
    locked, rest = pins("requirements.txt")
    assert len(asked) > 10
    assert asked.items() <= locked.items()
    assert [name for name, hashes in rest if "--hash=sha256:" not in hashes] == []


def test_the_tests_run_with_what_is_locked():
    locked, _ = pins("requirements.txt")
    installed = {}
    for name in locked:  # some are for other systems or Pythons
        try:
            installed[name] = version(name)
        except PackageNotFoundError:
            continue
    assert len(installed) > 20
    assert installed.items() <= locked.items()
