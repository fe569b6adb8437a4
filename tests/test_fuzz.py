"""Two thousand hostile bodies: tests/fuzz.py tells what they are, and sends more."""

import random
from pathlib import Path

import pytest
from fuzz import attack, hostile, seeds


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs Linux's /proc")
def test_hostile_bodies_are_answered_and_leave_nothing_behind():
    outcome = attack(count=2000, seed=1)
    assert sum(outcome.statuses.values()) == 2000
    assert {200, 400, 413, 415, 422} <= outcome.statuses.keys()  # every defence has been met
    assert outcome.is_well, outcome


def test_the_same_seed_makes_the_same_bodies():
    def bodies(seed):
        chance, pictures = random.Random(seed), seeds()  # noqa: S311
        return [hostile(chance, pictures) for _ in range(100)]

    assert bodies(1) == bodies(1) != bodies(2)
