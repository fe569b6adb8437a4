"""Training of the network that reads digits that touch."""

import json
import shutil
import sys
from itertools import groupby, product

import numpy as np
import pytest

import model
from digits.strip import places_in
from train import fit_strips
from train.fit_strips import MOST, ROW, begin, loss, rows, rows_of


def test_a_network_is_trained_compiled_in_and_described(tmp_path, mnist_path, monkeypatch):
    shutil.copy("mnist_cnn.h5", tmp_path)
    mnist = ["--mnist", mnist_path] if mnist_path else []
    options = ["--batches", "6", "--epochs", "2", "--limit", "50"]
    options += ["--run", str(tmp_path / "run"), "--network", str(tmp_path / "mnist_cnn.h5")]
    monkeypatch.delenv("OTHERS", raising=False)
    monkeypatch.setattr(sys, "argv", ["", *mnist, *options])
    fit_strips.main()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["mnist_cnn.h5"]
    run = tmp_path / "run"  # where a try is written
    card = json.loads((run / "mnist_strip.json").read_text())
    assert card["sha256"] == model.sha256(run / "mnist_strip.h5")
    assert card["start"] == model.sha256("mnist_cnn.h5")
    assert sum(layer["parameters"] for layer in card["layers"]) == card["parameters"]
    assert (card["validation"]["rows"], card["test"]["strips"]) == (50, 50)
    one, other = (figures["loss"] for figures in card["history"])
    assert other < one
    classifier = model.load(run / "mnist_cnn.tflite")
    assert classifier.version == model.load("mnist_cnn.tflite").version
    assert classifier.strip(np.zeros((1, 28, 60, 1), np.float32)).shape == (1, 28, 11)
    sys.argv += ["--rate", "1e-3"]
    with pytest.raises(SystemExit, match="delete it"):
        fit_strips.main()


def test_a_network_of_another_plan_is_no_start():
    with pytest.raises(model.ModelError, match=r"not made by train\.fit_strips"):
        begin("mnist_cnn.h5", start="mnist_cnn.h5")


@pytest.mark.parametrize("evenness", [1, 0.01])
def test_the_loss_against_every_way_of_placing_the_digits(evenness):
    places = 5
    answers = np.random.default_rng(0).dirichlet(np.full(11, evenness), (1, places))
    answers = (0.99 * answers + 0.01 / 11).astype(np.float32)
    targets = np.zeros((1, 3, places + 10), np.float32)
    spans = [(0, 3, 7), (3, 5, 1)]
    for i, (first, last, label) in enumerate(spans):
        targets[0, i, first:last] = 1
        targets[0, i, places + label] = 1
    likelihood = 0
    for way in product(range(11), repeat=places):
        one, other = ([label for label, _ in groupby(part)] for part in (way[:3], way[3:]))
        if [each for each in one if each < 10] == [7] and [each for each in other if each < 10] == [
            1
        ]:
            likelihood += np.prod([row[each] for row, each in zip(answers[0], way, strict=True)])
    assert np.array(loss(targets, answers)) == pytest.approx([-np.log(likelihood)], rel=1e-4)


def test_what_is_certain_and_right_costs_nothing():
    places = 40
    answers = np.tile(np.eye(11)[10], (1, places, 1)).astype(np.float32)
    answers[0, 5:9] = np.eye(11)[7]
    targets = np.zeros((1, 2, places + 10), np.float32)
    targets[0, 0, 2:12] = targets[0, 0, places + 7] = 1
    assert np.array(loss(targets, answers)) == pytest.approx([0], abs=1e-3)
    targets[0, 0, 2:12] = 0
    targets[0, 0, 20:30] = 1
    assert np.array(loss(targets, answers))[0] > 30


def test_without_digits_no_place_is_to_be_one():
    answers = np.random.default_rng(0).dirichlet(np.ones(11), (1, 5)).astype(np.float32)
    expected = -np.log(answers[0, :, 10]).sum()
    assert np.array(loss(np.zeros((1, 3, 15), np.float32), answers)) == pytest.approx(
        [expected], rel=1e-4
    )


def test_strips_lie_side_by_side_with_their_digits_where_they_are():
    strips = iter(
        [
            (np.full((28, 41, 1), 0.3, np.float32), [4, 2], [9]),
            (np.full((28, 60, 1), 0.6, np.float32), [8], []),
            (np.full((28, 60, 1), 0.9, np.float32), [5], []),
        ]
    )
    row, targets = next(rows(lambda: next(strips)))
    assert row.shape == (28, ROW, 1)
    assert (row[0, [0, 40, 41, 42, 101, 102], 0] > 0).tolist() == [
        True,
        True,
        False,
        True,
        True,
        False,
    ]
    places = places_in(ROW)
    assert [targets[i, places:].argmax() for i in range(3)] == [4, 2, 8]
    spans = [np.flatnonzero(targets[i, :places])[[0, -1]].tolist() for i in range(3)]
    assert spans == [[0, 8], [9, 17], [21, 48]]
    assert not targets[3:].any()


def test_rows_are_the_same_for_the_same_seed(mnist):
    one, other = (rows_of(mnist.training, np.random.default_rng(3), 4) for _ in range(2))
    assert one[0].shape == (4, 28, ROW, 1)
    assert one[1].shape == (4, MOST, places_in(ROW) + 10)
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
