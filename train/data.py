"""MNIST, verified, and split into training, validation and test; and four other sets of digits."""

import gzip
import hashlib
import os
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from digits.normalise import normalise

VALIDATION = 5_000  # digits carved from MNIST's 60,000 for training

# SHA-256 of each array's bytes: the same whatever container they came in.
HASHES = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}


class DataError(Exception):
    """A set is not there, or is another one; the message says what to do."""


class Digits(NamedTuple):
    images: np.ndarray  # (n, 28, 28) float32 in [0, 1], 0 paper … 1 ink
    labels: np.ndarray  # (n,) uint8, 0 … 9


class Mnist(NamedTuple):
    training: Digits  # 55,000
    validation: Digits  # 5,000
    test: Digits  # 10,000, to report on, never to choose by


def add_arguments(parser):
    """Add --mnist and --others, which every command here takes."""
    parser.add_argument(
        "--mnist",
        type=Path,
        default=os.environ.get("MNIST") or None,
        help="a local mnist.npz (default: $MNIST, else Keras downloads it)",
    )
    parser.add_argument(
        "--others",
        type=Path,
        default=os.environ.get("OTHERS") or None,
        help=f"a folder with any of {FILES} (default: $OTHERS, else none)",
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
    except ImportError:
        raise
    except Exception as error:  # np.load and the download raise a dozen kinds between them
        where = path or "the download (no network? name a local mnist.npz with --mnist PATH)"
        raise DataError(f"Could not read MNIST from {where}: {error}") from error


def load_others(folder=None):
    """The other sets in a folder: {name: (Digits to train with, Digits to measure on)}.

    Every digit is laid into MNIST's frame. The writers of the two parts differ; Semeion and USPS
    are there to measure with alone. What the folder lacks is left out.

    Each .npz has `images` (n, side, side) uint8, 0 paper … 255 ink, and `labels` (n,); optdigits,
    pendigits and usps have `split` (n,), 0 training and 1 test; pendigits has `points` (n, 16),
    x0 y0 … x7 y7 from 0 to 100 with y up. Raises DataError where one cannot be read, or is not as
    said here, or the folder holds none.
    """
    if folder is None:
        return {}
    if not Path(folder).is_dir():
        raise DataError(f"There is no folder {folder}.")
    sets = {}
    for name, (array, draw, trained_with) in OTHERS.items():
        path = Path(folder) / f"{name}.npz"
        if not path.is_file():
            continue
        rows, labels, split = read_other(path, array, trained_with)
        images = np.stack([normalise(draw(row))[..., 0] for row in rows])
        labels, is_test = labels.astype(np.uint8), split == 1
        training = Digits(images[~is_test & trained_with], labels[~is_test & trained_with])
        sets[name] = training, Digits(images[is_test], labels[is_test])
    if not sets and not (Path(folder) / FASHION).is_dir():
        raise DataError(f"{folder} holds none of {FILES}.")
    return sets


def read_other(path, array, trained_with):
    """The rows of another set, their labels and split; all to test with where it has no split."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
    except Exception as error:  # np.load raises a dozen kinds
        raise DataError(f"Could not read {path}: {error}") from error
    if not trained_with and "labels" in arrays:
        arrays.setdefault("split", np.ones_like(arrays["labels"]))
    wanted = [array, "labels", "split"]
    for name in wanted:
        what, holds = ARRAYS[name]
        if name not in arrays or not holds(arrays[name]):
            raise DataError(f"{path} must have an array {name}, {what}.")
    if len({len(arrays[name]) for name in wanted}) > 1:
        raise DataError(f"{path} must have as many {array} as labels, and as many split.")
    return [arrays[name] for name in wanted]


def told(parts):
    """How many digits each of {name: Digits} has to train with, printed; without what has none."""
    counts = {name: len(part.labels) for name, part in parts.items() if len(part.labels)}
    for name, count in counts.items():
        print(f"{name}: {count:,} to train with")
    return counts


def join(*parts):
    """One Digits of several."""
    return Digits(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def some(limit, digits):
    """At most `limit` of the digits, all of them where it is None.

    They are taken evenly from the whole set, whose first need not be as hard as the rest.
    """
    count = len(digits.labels)
    if limit is None or limit >= count:
        return digits
    return Digits(*(array[np.arange(limit) * count // limit] for array in digits))


def frames(digits):
    """Digits as they are, (n, 28, 28, 1) float32, as serving would show them to the network."""
    return np.stack([normalise(image) for image in digits.images])


def bitmap(image):
    """(side, side) uint8 -> ink, as it is."""
    return image / np.float32(255)


def squeezed(image):
    """Semeion's digits were stretched to their box: give them a digit's proportions again."""
    return cv2.resize(bitmap(image), (12, 16), interpolation=cv2.INTER_AREA)


def envelope(image):
    """USPS: the paper is not quite white, and ink fills the frame."""
    return np.pad(np.clip((bitmap(image) - 0.1) / 0.9, 0, 1), 2)


def tablet(points):
    """Pendigits: a pen's way, drawn as a smooth stroke."""
    way = points.reshape(8, 1, 2).astype(np.float32) * [0.6, -0.6] + [12, 72]
    curve = cv2.resize(way, (1, 64), interpolation=cv2.INTER_CUBIC)
    ink = np.zeros((84, 84), np.float32)
    return cv2.polylines(ink, [np.round(curve * 16).astype(np.int32)], False, 1, 7, cv2.LINE_8, 4)


# The array that holds the digits, how a row of it is drawn, whether its training part is used.
OTHERS = {
    "optdigits": ("images", bitmap, True),
    "pendigits": ("points", tablet, True),
    "semeion": ("images", squeezed, False),
    "usps": ("images", envelope, False),
}
FILES = ", ".join(f"{name}.npz" for name in OTHERS)
FASHION = "fashion-mnist"

# What the arrays of the other sets are to be, in words and as a condition.
ARRAYS = {
    "images": (
        "(n, side, side) uint8, 0 paper … 255 ink",
        lambda a: (
            (a.ndim == 3 and a.shape[1] == a.shape[2] and a.size and a.dtype == np.uint8)
            and (a.max() > 1 and a.mean() < 128)
        ),
    ),
    "points": (
        "(n, 16), from 0 to 100",
        lambda a: a.shape[1:] == (16,) and a.size and ((a >= 0) & (a <= 100)).all(),
    ),
    "labels": ("(n,), from 0 to 9", lambda a: a.ndim == 1 and np.isin(a, range(10)).all()),
    "split": ("(n,), 0 training and 1 test", lambda a: a.ndim == 1 and np.isin(a, (0, 1)).all()),
}


def load_fashion(folder=None):
    """Fashion-MNIST's 10,000 test pictures, (n, 28, 28) float32: none of them is a digit.

    Taken from fashion-mnist/ in `folder` or in /usr/share/datasets, where Debian's package
    dataset-fashion-mnist puts it; None where it is in neither.
    """
    for parent in filter(None, (folder, "/usr/share/datasets")):
        path = Path(parent) / FASHION / "t10k-images-idx3-ubyte.gz"
        if path.is_file():
            try:
                content = gzip.decompress(path.read_bytes())
                pixels = np.frombuffer(content, np.uint8, offset=16)
                return pixels.reshape(-1, 28, 28) / np.float32(255)
            except (OSError, EOFError, ValueError) as error:
                raise DataError(f"Could not read {path}: {error}") from error
    return None
