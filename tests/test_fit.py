"""Training writes a network, and goes on where it was cut off."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

import model
from digits.normalise import normalise
from train import evaluate, fit, fit_strips, unite
from train.data import Digits
from train.fit import (
    PATIENCE,
    Batches,
    Checkpoint,
    cosine,
    loss,
    seeds_of,
    targets_of,
    validation,
    write,
)
from train.handwriting import Handwriting
from train.negatives import NEGATIVES, NONE


def arguments(folder, mnist_path, *options, epochs=3):
    """For train.fit on a few digits: each epoch takes a second or two."""
    mnist = ["--mnist", mnist_path] if mnist_path else []
    few = ["--limit", "640", "--epochs", str(epochs)]
    return [*mnist, *few, "--run", str(folder), "--out", str(folder / "net.h5"), *options]


def train(*given, **epochs):
    """The command in this process, which has TensorFlow loaded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("OTHERS", raising=False)
        patch.setattr(sys, "argv", ["", *arguments(*given, **epochs)])
        fit.main()


def history(folder):
    record = folder / "history.json"
    return json.loads(record.read_text()) if record.exists() else []


@pytest.fixture(scope="module")
def whole(tmp_path_factory, mnist_path):
    folder = tmp_path_factory.mktemp("whole")
    train(folder, mnist_path)
    return folder


def test_three_files_are_written(whole):
    card = json.loads((whole / "net.json").read_text())
    assert card["sha256"] == model.sha256(whole / "net.h5")
    assert model.load(whole / "net.tflite").version == card["model"]
    assert sum(layer["parameters"] for layer in card["layers"]) == card["parameters"]
    assert len(card["history"]) == card["epochs"] == 3
    losses = [figures["val_loss"] for figures in card["history"]]
    assert card["best_epoch"] == losses.index(min(losses)) + 1
    assert 0 <= card["test"]["accuracy"] <= 1


def test_a_run_that_is_killed_goes_on_where_it_was(whole, tmp_path, mnist_path):
    command = [sys.executable, "-m", "train.fit", *arguments(tmp_path, mnist_path)]
    killed = subprocess.Popen(command, env={**os.environ, "OTHERS": ""})
    while not (tmp_path / "last.keras").exists():
        assert killed.poll() is None
        time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert 1 <= len(history(tmp_path)) < 3
    train(tmp_path, mnist_path)
    # The same digits in the same order by the same optimizer; dropout draws anew after a cut.
    for one, other in zip(history(tmp_path), history(whole), strict=True):
        assert one["loss"] == pytest.approx(other["loss"], rel=0.1)
        assert one["learning_rate"] == other["learning_rate"]


def test_a_run_is_not_gone_on_with_otherwise(whole, mnist_path):
    before = (whole / "net.json").read_text()
    words = "begun with epochs 3, not 4: name another --run, or delete it.$"
    with pytest.raises(SystemExit, match=words):
        train(whole, mnist_path, epochs=4)
    assert (whole / "net.json").read_text() == before


def test_a_run_may_go_on_from_a_trained_network_and_be_taught_by_one(
    whole, tmp_path, mnist_path, fonts
):
    options = ("--start", str(whole / "net.h5"), "--rate", "1e-6")
    options += ("--teacher", str(whole / "net.tflite"), "--handwriting", str(fonts), "--refine")
    train(tmp_path, mnist_path, *options, epochs=1)
    assert history(tmp_path)[0]["accuracy"] > 1.5 * history(whole)[0]["accuracy"]
    card = json.loads((tmp_path / "net.json").read_text())
    assert card["start"] == [model.sha256(whole / "net.h5")]
    assert card["teacher"] == model.sha256(whole / "net.tflite")
    assert card["data"]["handwriting"] == Handwriting(fonts).origin
    assert card["refined"]


def asked(monkeypatch, command, *given):
    monkeypatch.setattr(sys, "argv", ["", *given])
    return command.arguments()


def test_a_try_does_not_write_over_what_is_shipped(monkeypatch):
    tried = asked(monkeypatch, fit, "--limit", "200", "--run", "there")
    assert tried.out == Path("there/mnist_cnn.h5")
    assert asked(monkeypatch, fit).out == Path("mnist_cnn.h5")
    assert asked(monkeypatch, fit, "--limit", "200", "--out", "net.h5").out == Path("net.h5")
    assert asked(monkeypatch, fit_strips, "--limit", "9", "--run", "there").out == Path("there")
    assert asked(monkeypatch, fit_strips).out == Path()


def test_what_is_served_is_evaluated(monkeypatch):
    monkeypatch.setenv("MODEL", "mine.h5")
    assert asked(monkeypatch, evaluate).model == Path("mine.h5")
    monkeypatch.setenv("MODEL", "")
    assert asked(monkeypatch, evaluate).model == Path("mnist_cnn.tflite")


@pytest.mark.parametrize(
    ("command", "given", "words"),
    [
        (fit, "--start nowhere.h5", "there is no network at nowhere.h5"),
        (fit, "--start mnist_cnn.tflite", "must end in .h5 or .keras"),
        (fit, "--out network", "network must end in .h5"),
        (fit, "--out nowhere/net.h5", "there is no folder nowhere"),
        (fit, "--epochs 0", "0 is not a whole number from 1 up"),
        (fit, "--run README.md", "README.md is a file, not a folder"),
        (fit_strips, "--start nowhere.h5", "there is no network at nowhere.h5"),
        (fit_strips, "--network nowhere.h5", "there is no network at nowhere.h5"),
        (unite, "nowhere.h5", "there is no network at nowhere.h5"),
        (unite, "mnist_cnn.tflite", "must end in .h5 or .keras"),
        (unite, "carded.h5 --limit 9", "say with --out where"),
        (unite, "bare.h5", "has no card beside it, bare.json"),
        (evaluate, "--report README.md", "README.md is a file, not a folder"),
        (evaluate, "--limit 0", "0 is not a whole number from 1 up"),
    ],
)
def test_what_is_mistyped_is_told_at_once(monkeypatch, capsys, tmp_path, command, given, words):
    for name in ("bare.h5", "carded.h5", "carded.json"):
        (tmp_path / name).touch()
    given = re.sub("bare|carded", rf"{tmp_path}/\g<0>", given)
    with pytest.raises(SystemExit):
        asked(monkeypatch, command, *given.split())
    assert words in capsys.readouterr().err


def test_a_teacher_that_is_not_there_is_told(tmp_path, mnist_path):
    with pytest.raises(SystemExit, match=r"nowhere\.h5"):
        train(tmp_path, mnist_path, "--teacher", "nowhere.h5")


def test_a_full_disk_leaves_the_old_files_as_they_were(tmp_path):
    out = tmp_path / "net.h5"
    old = {out.with_suffix(suffix): suffix for suffix in (".h5", ".tflite", ".json")}
    for path, text in old.items():
        path.write_text(text)
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, most))  # as if no more were free
    try:
        with pytest.raises(SystemExit, match="could not be written to"):
            write(model.build(), None, out, {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
    assert {path: path.read_text() for path in tmp_path.iterdir()} == old


@pytest.mark.parametrize("package", ["keras", "HersheyFonts"])
def test_a_package_that_is_missing_is_named(package):
    code = f"import sys; sys.modules['{package}'] = None; import train.evaluate, train.fit"
    failed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert failed.returncode == 1
    assert f"This needs {package}, which is not installed: pip install" in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.fixture
def few():
    rng = np.random.default_rng(0)
    return Digits(rng.random((300, 28, 28), np.float32), (np.arange(300) % 10).astype(np.uint8))


def test_each_epoch_shows_every_digit_once_in_another_order(few):
    batches = Batches(few, (0,))
    orders = []
    for _ in range(2):
        targets = np.concatenate([batches[i][1] for i in range(len(batches))])
        labels = targets.argmax(axis=1)
        assert np.array_equal(np.bincount(labels), [30] * 10 + [round(NEGATIVES * 300)])
        orders.append(labels)
        batches.on_epoch_end()
    assert not np.array_equal(*orders)


def test_a_network_that_goes_on_sees_other_distortions(tmp_path):
    (tmp_path / "one.h5").write_bytes(b"one")
    (tmp_path / "other.h5").write_bytes(b"other")
    starts = [None, [tmp_path / "one.h5"], [tmp_path / "other.h5"]]
    seeds = [seeds_of(Namespace(seed=3, start=start)) for start in starts]
    assert seeds[0] == (3,)
    assert len(set(seeds)) == 3


def test_a_batch_depends_on_seeds_and_epoch_alone(few):
    one, same, other = Batches(few, (0,)), Batches(few, (0,)), Batches(few, (0, 1))
    same[0]
    assert np.array_equal(one[1][0], same[1][0])
    assert not np.array_equal(one[1][0], other[1][0])


@pytest.mark.parametrize(("shares", "least", "most"), [((1.0, 0.0), 0.8, 1.0), ((0.0, 0.0), 0, 0)])
def test_batches_and_validation_hold_as_many_plain_digits_as_is_asked_for(few, shares, least, most):
    """But for those that are cut out of pairs."""
    plain = {normalise(image).tobytes() for image in few.images}
    batches = Batches(few, (0,), shares=shares)
    frames, targets = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    shown = [frame.tobytes() in plain for frame in frames[targets[:, NONE] == 0]]
    assert least <= np.mean(shown) <= most
    distorted = validation(few, seed=0, shares=shares)[0][300:600]
    assert least <= np.mean([frame.tobytes() in plain for frame in distorted]) <= most


def test_validation_holds_each_digit_clean_and_distorted(few):
    inputs, targets = validation(few, seed=0)
    labels = targets.argmax(axis=1)
    assert inputs.shape == (600 + 2 * NEGATIVES * 300, 28, 28, 1)
    assert np.array_equal(labels[:300], labels[300:600])
    assert not np.array_equal(inputs[:300], inputs[300:600])
    assert (labels[600:] == NONE).all()


def test_training_stops_where_the_best_was_long_ago(tmp_path):
    checkpoint = Checkpoint(tmp_path)
    assert not checkpoint.is_stale()
    checkpoint.history = [{"val_loss": loss} for loss in [3, 1, *[2] * (PATIENCE - 1)]]
    assert not checkpoint.is_stale()
    checkpoint.history.append({"val_loss": 2})
    assert checkpoint.is_stale()


def test_the_learning_rate_falls_from_one_to_a_hundredth():
    assert cosine(0) == 1
    assert cosine(1) == pytest.approx(0.01)
    assert all(cosine(i / 10) > cosine((i + 1) / 10) for i in range(10))


def test_the_loss_against_a_sum_by_hand():
    answers = np.full((2, 11), 0.05, np.float32)
    answers[:, 3] = 0.55
    answers[:, 10] = 0.8
    found = np.array(loss(targets_of([3, NONE]), answers))
    # What is none has no digit to be wrong about.
    assert found == pytest.approx([-np.log(0.55) - np.log(0.8), -np.log(0.2)], rel=1e-4)


def test_a_teacher_s_answers_are_most_of_what_is_learned_where_it_is_right():
    answers = np.zeros((4, 11), np.float32)
    answers[:, 3], answers[:, 5] = 0.75, 0.25
    answers[:, NONE] = [0.8, 0.8, 0.1, 0.8]
    digit, none, *wrong = targets_of([3, 5, NONE, NONE], answers)[[0, 2, 1, 3]]
    assert digit[[3, 5, NONE]] == pytest.approx([0.3 + 0.7 * 0.6, 0.7 * 0.2, 0.7 * 0.2])
    assert none[[3, 5, NONE]] == pytest.approx([0.7 * 0.075, 0.7 * 0.025, 0.3 + 0.7 * 0.9])
    assert np.array_equal(wrong, targets_of([5, NONE]))
