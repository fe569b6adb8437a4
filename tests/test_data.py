"""MNIST is MNIST, or is refused."""

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
