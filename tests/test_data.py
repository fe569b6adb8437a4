"""MNIST is MNIST, or is refused."""

import argparse
import gzip

import numpy as np
import pytest

from train import data


def test_the_parts_do_not_overlap_and_are_whole(mnist):
    assert [len(part.labels) for part in mnist] == [55_000, 5_000, 10_000]
    for part in mnist:
        assert part.images.shape == (len(part.labels), 28, 28)
        assert part.images.dtype == np.float32
        assert (part.images.min(), part.images.max()) == (0, 1)
    training, validation = ({image.tobytes() for image in part.images} for part in mnist[:2])
    assert not training & validation


def test_the_seed_draws_the_validation_digits(mnist, mnist_path):
    again, other = data.load(mnist_path), data.load(mnist_path, seed=1)
    assert np.array_equal(again.validation.labels, mnist.validation.labels)
    assert not np.array_equal(other.validation.labels, mnist.validation.labels)


def test_what_is_not_mnist_is_refused(tmp_path):
    (tmp_path / "text.npz").write_bytes(b"no arrays")
    np.savez(tmp_path / "other.npz", x_train=np.zeros(3))
    np.savez(tmp_path / "forged.npz", **{name: np.zeros(3) for name in data.HASHES})
    np.savez(tmp_path / "pickled.npz", **{name: np.array([{}]) for name in data.HASHES})
    for name, words in {
        "text.npz": "Could not read MNIST",
        "nowhere.npz": "Could not read MNIST",
        "other.npz": "it is not Keras's mnist.npz",
        "forged.npz": "is not MNIST's: its hash differs",
        "pickled.npz": "Could not read MNIST",
    }.items():
        with pytest.raises(data.DataError, match=words):
            data.load(tmp_path / name)


@pytest.fixture
def folder(tmp_path):
    """Tiny sets of the other kinds: a bar in 16 or 32 pixels, and a pen's way down."""
    rng = np.random.default_rng(0)
    for name, side in {"optdigits": 32, "semeion": 16, "usps": 16}.items():
        images = np.zeros((6, side, side), np.uint8)
        images[:, 2:-2, side // 2 - 1 : side // 2 + 1] = 255
        split = {} if name == "semeion" else {"split": np.arange(6) % 2}
        np.savez(tmp_path / name, images=images, labels=np.ones(6, np.uint8), **split)
    points = np.tile(np.column_stack([np.full(8, 50), np.linspace(99, 0, 8)]).ravel(), (6, 1))
    points = (points + rng.integers(0, 2, points.shape)).astype(np.uint8)
    np.savez(
        tmp_path / "pendigits", points=points, labels=np.ones(6, np.uint8), split=[0] * 4 + [1] * 2
    )
    return tmp_path


def test_other_sets_are_laid_into_mnists_frame(folder, classifier):
    sets = data.load_others(folder)
    counts = {name: [len(part.labels) for part in parts] for name, parts in sets.items()}
    assert counts == {"optdigits": [3, 3], "pendigits": [4, 2], "semeion": [0, 6], "usps": [0, 3]}
    for _, part in sets.values():
        assert part.images.shape[1:] == (28, 28)
        assert part.images.dtype == np.float32
        assert (classifier(part.images[..., np.newaxis])[:, :10].argmax(axis=1) == 1).all()


def test_sets_that_are_not_there_are_left_out(folder):
    (folder / "usps.npz").unlink()
    assert "usps" not in data.load_others(folder)
    assert data.load_others(None) == {}


def test_a_set_that_cannot_be_read_is_told(folder):
    (folder / "usps.npz").write_bytes(b"no arrays")
    with pytest.raises(data.DataError, match=r"Could not read .*usps\.npz"):
        data.load_others(folder)


@pytest.mark.parametrize(
    ("name", "array", "wrong"),
    [
        ("optdigits", "images", np.zeros((6, 32, 32), np.float32)),
        ("optdigits", "images", np.full((6, 32, 32), 255, np.uint8)),  # dark ink on white
        ("optdigits", "images", np.zeros((0, 32, 32), np.uint8)),
        ("optdigits", "images", np.eye(32, 30, dtype=np.uint8)[np.newaxis].repeat(6, 0) * 9),
        ("optdigits", "labels", np.full(6, 10)),
        ("optdigits", "labels", np.eye(10)[:6]),
        ("optdigits", "labels", np.ones(5)),
        ("optdigits", "split", None),
        ("usps", "split", np.full(6, 2)),
        ("pendigits", "points", np.zeros((6, 8, 2))),
    ],
)
def test_a_set_that_is_not_as_it_should_be_is_told(folder, name, array, wrong):
    path = folder / f"{name}.npz"
    arrays = dict(np.load(path)) | {array: wrong}
    np.savez(path, **{each: value for each, value in arrays.items() if value is not None})
    with pytest.raises(data.DataError, match=rf"{name}\.npz must have .*{array}"):
        data.load_others(folder)


def test_a_folder_without_any_set_is_told_but_may_hold_fashion_alone(tmp_path):
    with pytest.raises(data.DataError, match=r"holds none of optdigits\.npz, "):
        data.load_others(tmp_path)
    (tmp_path / "fashion-mnist").mkdir()
    assert data.load_others(tmp_path) == {}


def test_an_empty_setting_is_none(monkeypatch):
    monkeypatch.setenv("MNIST", "")
    parser = argparse.ArgumentParser()
    data.add_arguments(parser)
    assert parser.parse_args([]).mnist is None


def test_some_are_taken_evenly_from_all():
    digits = data.Digits(np.zeros((10, 28, 28), np.float32), np.arange(10))
    assert data.some(3, digits).labels.tolist() == [0, 3, 6]
    assert len(data.some(3, digits).images) == 3
    assert all(data.some(limit, digits) is digits for limit in (None, 10, 11))


def test_parts_are_joined(mnist):
    both = data.join(mnist.validation, mnist.test)
    assert len(both.labels) == len(both.images) == 15_000
    assert np.array_equal(both.labels[5000:], mnist.test.labels)


def test_fashion_is_read_where_it_is(tmp_path):
    pictures = np.arange(2 * 784, dtype=np.uint8).reshape(2, 28, 28)
    (tmp_path / "fashion-mnist").mkdir()
    packed = gzip.compress(bytes(16) + pictures.tobytes())
    (tmp_path / "fashion-mnist" / "t10k-images-idx3-ubyte.gz").write_bytes(packed)
    assert np.array_equal(np.round(data.load_fashion(tmp_path) * 255), pictures)
