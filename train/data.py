"""MNIST, verified, and split into training, validation and test."""

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

VALIDATION = 5_000  # digits carved from MNIST's 60,000 for training

# SHA-256 of each array's bytes: the same whatever container they came in.
HASHES = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}


class DataError(Exception):
    """MNIST is not there, or is not MNIST; the message says what to do."""


class Digits(NamedTuple):
    images: np.ndarray  # (n, 28, 28) float32 in [0, 1], 0 paper … 1 ink
    labels: np.ndarray  # (n,) uint8, 0 … 9


class Mnist(NamedTuple):
    training: Digits  # 55,000
    validation: Digits  # 5,000
    test: Digits  # 10,000, to report on, never to choose by


def add_argument(parser):
    """Add --mnist, which every command here takes."""
    parser.add_argument(
        "--mnist",
        type=Path,
        default=os.environ.get("MNIST"),
        help="a local mnist.npz (default: $MNIST, else Keras downloads it)",
    )


def load(path=None, seed=0):
    """Load MNIST from an .npz, or by Keras's own download where `path` is None.

    The seed draws which digits validate. Raises DataError where the file cannot be read or
    downloaded, or where an array is not the one that MNIST has.
    """
    arrays = read(path)
    for name, expected in HASHES.items():
        if hashlib.sha256(np.ascontiguousarray(arrays[name]).tobytes()).hexdigest() != expected:
            raise DataError(f"{name} in {path or 'the download'} is not MNIST's: its hash differs.")
    images = arrays["x_train"].astype(np.float32) / 255
    order = np.random.default_rng(seed).permutation(len(images))
    carved, kept = order[:VALIDATION], order[VALIDATION:]
    return Mnist(
        Digits(images[kept], arrays["y_train"][kept]),
        Digits(images[carved], arrays["y_train"][carved]),
        Digits(arrays["x_test"].astype(np.float32) / 255, arrays["y_test"]),
    )


def read(path):
    """The four arrays by name."""
    try:
        if path is None:
            from keras.datasets import mnist

            (x_train, y_train), (x_test, y_test) = mnist.load_data()
            return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in HASHES}
    except KeyError as error:
        raise DataError(f"{path} has no array {error}: it is not Keras's mnist.npz.") from error
    except Exception as error:  # np.load and the download raise a dozen kinds between them
        where = path or "the download (no network? name a local mnist.npz with --mnist PATH)"
        raise DataError(f"Could not read MNIST from {where}: {error}") from error
