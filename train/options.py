"""Types of options for argparse: what is mistyped is told before anything begins, not after it."""

import os
from argparse import ArgumentTypeError
from pathlib import Path

from settings import Settings


def add_model(parser):
    """Add --model: what is served is what is measured."""
    parser.add_argument(
        "--model",
        type=Path,
        default=os.environ.get("MODEL") or Settings.model,
        help=f"the network (default: $MODEL, else {Settings.model})",
    )


def whole(least=1):
    """A whole number from `least` up."""

    def number(text):
        if not text.isdecimal() or int(text) < least:
            raise ArgumentTypeError(f"{text} is not a whole number from {least} up")
        return int(text)

    return number


def folder(text):
    """A folder that is there, or can be."""
    path = Path(text)
    if path.exists() and not path.is_dir():
        raise ArgumentTypeError(f"{path} is a file, not a folder")
    return path


def trained(text):
    """A network as Keras wrote it."""
    path = Path(text)
    if path.suffix not in (".h5", ".keras"):
        raise ArgumentTypeError(f"{path} is not a network: its name must end in .h5 or .keras")
    if not path.is_file():
        raise ArgumentTypeError(f"there is no network at {path}")
    return path


def described(text):
    """A trained network with its card beside it."""
    path = trained(text)
    if not path.with_suffix(".json").is_file():
        raise ArgumentTypeError(f"{path} has no card beside it, {path.with_suffix('.json').name}")
    return path


def to_write(text):
    """Where a network may be written."""
    path = Path(text)
    if path.suffix != ".h5":
        raise ArgumentTypeError(f"{path} must end in .h5")
    if not path.parent.is_dir():
        raise ArgumentTypeError(f"there is no folder {path.parent}")
    return path
