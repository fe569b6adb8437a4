"""python -m train.numbers: how many whole numbers are read exactly, composed of MNIST's digits."""

import argparse

import numpy as np

import model
from digits.ink import find_ink
from digits.number import find_numbers
from digits.read import Row
from train import compose, data
from train.calibrate import calibration_error
from train.options import add_model, whole
from train.paper import on_desk

CHOICES = (0.5, 0.6, 0.65, 0.7, 0.75)  # least confidence of a digit among others


def main():
    options = arguments()
    try:
        mnist = data.load(options.mnist)
        classifier = model.load(options.model)
    except (data.DataError, model.ModelError) as error:
        raise SystemExit(str(error)) from error
    digits = mnist.validation if options.validation else mnist.test
    print(f"{classifier.version}, numbers of {compose.LENGTHS[0]} to {compose.LENGTHS[1]} digits")
    print(
        "\n                                count   exact %   accepted %"
        "   accepted and wrong %   ECE %"
    )
    for name, write, count in [
        ("none touching", lambda rng: compose.number(digits, rng, 0), options.strings),
        ("a fifth of pairs touching", lambda rng: compose.number(digits, rng), options.strings),
        ("with signs, none touching", lambda rng: compose.signed(digits, rng), options.strings),
        (
            "pages of ten, none touching",
            lambda rng: compose.page(digits, rng, 10, 0),
            options.pages,
        ),
        ("pages of ten, a fifth", lambda rng: compose.page(digits, rng), options.pages),
        (
            "pages on a desk, none touching",
            lambda rng: photographed(compose.page(digits, rng, 10, 0), rng),
            options.pages,
        ),
    ]:
        rng = np.random.default_rng(0)
        outcomes = [outcome(*write(rng), classifier) for _ in range(count)]
        print_row(name, outcomes)
        if options.validation:
            print_choices(outcomes)


def arguments():
    parser = argparse.ArgumentParser(prog="python -m train.numbers", description=__doc__)
    data.add_arguments(parser)
    add_model(parser)
    parser.add_argument("--strings", type=whole(), default=1000, help="numbers by themselves")
    parser.add_argument("--pages", type=whole(), default=50, help="pages of ten numbers")
    parser.add_argument("--validation", action="store_true", help="of digits to choose by")
    return parser.parse_args()


def photographed(page, rng):
    picture, text = page
    return on_desk(picture, rng), text


def outcome(picture, text, classifier):
    """Whether it was read exactly, and accepted; the confidence in it, and in its least digit."""
    rows = [Row(row) for row in find_numbers(find_ink(picture), classifier)]
    whole = Row(digit for row in rows for digit in row.digits)
    is_exact = "\n".join(row.text for row in rows) == text
    least = min((digit.confidence for digit in whole), default=0.0)
    return is_exact, whole.verdict == "number", whole.confidence, least


def print_row(name, outcomes):
    exact, accepted, confidence, _ = (np.array(each) for each in zip(*outcomes, strict=True))
    print(
        f"{name:30s}{len(exact):7d}{100 * exact.mean():10.2f}{100 * accepted.mean():13.2f}"
        f"{100 * (accepted & ~exact).mean():23.2f}"
        f"{100 * calibration_error(confidence, exact):8.2f}"
    )


def print_choices(outcomes):
    """What digits.judge.AMONG may be."""
    exact, _, _, least = (np.array(each) for each in zip(*outcomes, strict=True))
    for choice in CHOICES:
        accepted = least >= choice
        print(
            f"{'':10s}if digits are accepted from {choice:.2f}{100 * accepted.mean():17.2f}"
            f"{100 * (accepted & ~exact).mean():23.2f}"
        )


if __name__ == "__main__":
    main()
