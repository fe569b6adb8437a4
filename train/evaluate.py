"""python -m train.evaluate: how well the network reads, on clean, other and corrupted digits.

With --report DIR the same as one page with pictures, DIR/index.html.
"""

import argparse
import json
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

import model
from digits.judge import DIGIT, SURE
from train import data
from train.augment import look, redraw
from train.calibrate import calibration_error, shifted
from train.corrupt import CORRUPTIONS
from train.handwriting import Handwriting, HandwritingError
from train.measure import Measured, confusions, measure
from train.negatives import NONE, UNSEEN_FONTS
from train.options import add_model, folder, whole

LETTERS = 5000  # of unseen hands that are shown


def main():
    options = arguments()
    try:
        mnist = data.load(options.mnist)
        others = data.load_others(options.others)
        fashion = data.load_fashion(options.others)
        unseen = options.handwriting and Handwriting(options.handwriting, unseen=True)
        classifier = model.load(options.model)
    except (data.DataError, HandwritingError, model.ModelError) as error:
        raise SystemExit(str(error)) from error
    validation, test = (data.some(options.limit, part) for part in mnist[1:])
    print(f"{classifier.version} on {len(test.labels):,} MNIST test digits")
    clean_test = measure("MNIST", classifier, data.frames(test), test.labels)
    print_confusions(confusions(clean_test))
    sets = [clean_test]
    sets += [
        measure(name, classifier, part.images[..., np.newaxis], part.labels)
        for name, (_, part) in others.items()
    ]
    images, labels = data.some(options.corrupted, test)
    with ProcessPoolExecutor() as pool:  # the longest part, by far
        corrupted = [
            measure(corruption.__name__, classifier, frames, labels)
            for corruption, frames in zip(
                CORRUPTIONS, pool.map(partial(corrupt, images), CORRUPTIONS), strict=True
            )
        ]
    shift = measure("shifted", classifier, *shifted(test, 1, UNSEEN_FONTS))
    negatives = nondigits(classifier, shift, fashion, unseen)
    print_sets(sets, corrupted)
    print_choices(measure("validation", classifier, *shifted(validation, 1, UNSEEN_FONTS)))
    print_doubt(shift, [clean_test, shift, *sets[1:]], negatives)
    if options.report:
        from train.report import write

        card = options.model.with_suffix(".json")
        history = json.loads(card.read_text()).get("history", []) if card.is_file() else []
        write(options.report, options.model, classifier, sets, corrupted, shift, negatives, history)
        print(f"\nThe report: {options.report / 'index.html'}")


def arguments():
    parser = argparse.ArgumentParser(prog="python -m train.evaluate", description=__doc__)
    data.add_arguments(parser)
    add_model(parser)
    parser.add_argument("--handwriting", type=Path, help="a folder of fonts drawn by hand")
    parser.add_argument("--report", type=folder, help="a folder for the page with pictures")
    parser.add_argument("--corrupted", type=whole(), help="at most so many of each corruption")
    parser.add_argument("--limit", type=whole(), help="at most this many test digits, to try")
    return parser.parse_args()


def corrupt(images, corruption):
    """Corrupt each digit, and take the picture the whole way that serving takes one: its frame."""
    rng = np.random.default_rng(0)
    pictures = (corruption(image, rng) for image in images)
    return np.stack([look((p * 255).astype(np.uint8), p) for p in pictures])


def nondigits(classifier, shift, fashion, unseen=None):
    """Sets of what is no digit: letters of fonts and hands unseen in training, and clothes."""
    none = shift.labels == NONE
    sets = [Measured("unseen letters and scribbles", *(a[none] for a in shift[1:]))]
    if fashion is not None:
        frames = np.stack([look((p * 255).astype(np.uint8), p) for p in fashion])
        labels = np.full(len(frames), NONE)
        sets.append(measure("Fashion-MNIST", classifier, frames, labels))
    if unseen is not None:
        rng = np.random.default_rng(0)
        frames = np.stack([redraw(unseen.letter(rng), rng) for _ in range(LETTERS)])
        sets.append(measure("unseen hands", classifier, frames, np.full(LETTERS, NONE)))
    return sets


def print_confusions(confusion):
    """Print accuracy, misses and a row for each digit."""
    right, total = int(np.trace(confusion)), int(confusion.sum())
    print(f"accuracy {right / total:.2%}, {total - right} misses\n")
    print("digit   count  missed  recall %  precision %  taken for")
    for digit, row in enumerate(confusion):
        wrong = Counter({other: n for other, n in enumerate(row) if other != digit and n})
        taken = ", ".join(f"{other} ({n})" for other, n in wrong.most_common())
        recall = row[digit] / max(1, row.sum())
        precision = row[digit] / max(1, confusion[:, digit].sum())
        print(
            f"{digit:5d}{row.sum():8d}{wrong.total():8d}"
            f"{100 * recall:10.2f}{100 * precision:13.2f}  {taken}"
        )


def print_sets(sets, corrupted):
    print("\nset                 digits   right %   accepted %   accepted and wrong %")
    for each in [*sets, *corrupted]:
        wrong = each.accepted & ~each.right
        print(
            f"{each.name:18s}{len(each.labels):8d}{100 * each.right.mean():10.2f}"
            f"{100 * each.accepted.mean():13.2f}{100 * wrong.mean():14.2f}"
        )
    accuracies = [each.right.mean() for each in corrupted]
    print(f"{len(corrupted)} corruptions: mean {np.mean(accuracies):.2%}, ", end="")
    print(f"worst {min(accuracies):.2%}")


def print_choices(validation):
    """Operating points to choose from, on shifted validation digits and unseen letters."""
    is_digit = validation.labels != NONE
    print("\nvalidation: least   digits       and      non-digits")
    print("       confidence   declined %   wrong %   accepted %")
    for least in (0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95):
        accepted = validation.confidence >= least
        declined = 1 - accepted[is_digit].mean()
        wrong = (accepted & ~validation.right)[is_digit].mean()
        print(f"{least:17.2f}{100 * declined:13.2f}{100 * wrong:10.2f}", end="")
        print(f"{100 * accepted[~is_digit].mean():13.2f}")


def print_doubt(shift, calibrated, negatives):
    """Calibration, and both error rates of the operating point, on test digits."""
    print("\nexpected calibration error of the digits' confidence")
    for each in calibrated:
        is_digit = each.labels != NONE
        error = calibration_error(each.confidence[is_digit], each.right[is_digit])
        print(f"{each.name:18s}{100 * error:8.2f} %")
    print(f"\naccepted at is_digit >= {DIGIT} and confidence >= {SURE} (the operating point)")
    is_digit = shift.labels != NONE
    declined = 1 - shift.accepted[is_digit].mean()
    wrong = (shift.accepted & ~shift.right)[is_digit].mean()
    print(f"shifted digits: declined {declined:.2%}, accepted and wrong {wrong:.2%}")
    for each in negatives:
        print(f"{each.name}: accepted {each.accepted.mean():.2%} of {len(each.labels):,}")


if __name__ == "__main__":
    main()
