"""python -m train.fit_strips: train the network that reads digits that touch, and compile it in."""

import argparse
import os
from functools import partial
from itertools import islice
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import ops

import model
from digits.strip import STEP, places_in
from train import data
from train.fit import (
    EPSILON,
    LEARNING_RATE,
    WORKERS,
    Checkpoint,
    asked_of,
    check_same,
    go_on,
    put_together,
    write_card,
)
from train.handwriting import Handwriting, HandwritingError
from train.options import folder, trained, whole
from train.strips import write_strip

BATCH = 32  # rows
BATCHES = 400  # in an epoch
ROW = 160  # pixels of strips side by side
MOST = 12  # digits in them
VALIDATION = 640  # rows
TEST = 2000  # strips
NEVER = -1e9  # logarithm of a probability


def main():
    options = arguments()
    try:
        mnist = data.load(options.mnist)
        others = data.load_others(options.others)
        handwriting = options.handwriting and Handwriting(options.handwriting)
        model.load(options.network)
        begin(options.network, options.start)
    except (data.DataError, HandwritingError, model.ModelError) as error:
        raise SystemExit(str(error)) from error
    print(f"To be written: {options.out / model.STRIP_FILE}, its .json and the .tflite")
    parts = {"mnist": mnist.training} | {name: part for name, (part, _) in others.items()}
    options.sets = data.told(parts)
    options.fonts = handwriting and handwriting.origin
    options.origin = model.sha256(options.start or options.network)
    if options.bfloat16:
        keras.config.set_dtype_policy("mixed_bfloat16")
    history = fit(data.join(*parts.values()), mnist.validation, options, handwriting)
    keras.config.set_dtype_policy("float32")
    publish(mnist.test, history, options)


def arguments():
    parser = argparse.ArgumentParser(prog="python -m train.fit_strips", description=__doc__)
    data.add_arguments(parser)
    parser.add_argument(
        "--network",
        type=trained,
        default=Path("mnist_cnn.h5"),
        help="the one that reads single digits: this one begins as its first tower does, and is "
        "compiled with it",
    )
    parser.add_argument("--start", type=trained, help="a trained one of its kind to go on from")
    parser.add_argument("--epochs", type=whole(), default=40)
    parser.add_argument("--batches", type=whole(), default=BATCHES, help="in an epoch")
    parser.add_argument("--rate", type=float, default=LEARNING_RATE, help="Adam's, at the start")
    parser.add_argument("--seed", type=whole(0), default=0)
    parser.add_argument("--handwriting", type=Path, help="a folder of fonts drawn by hand")
    parser.add_argument("--bfloat16", action="store_true", help="faster where processors have it")
    parser.add_argument(
        "--limit", type=whole(), help="at most this many to validate and test on, to try"
    )
    parser.add_argument("--run", type=folder, default=Path("train/run-strips"), help="checkpoints")
    parser.add_argument(
        "--out", type=folder, help="(default: where --network is, with --limit in --run)"
    )
    options = parser.parse_args()
    options.out = options.out or (options.run if options.limit else options.network.parent)
    return options


def fit(training, to_validate, options, handwriting=None):
    """Train, or go on where a cut-off run stopped. Returns one dict of figures per epoch."""
    options.run.mkdir(parents=True, exist_ok=True)
    names = ("seed", "epochs", "batches", "bfloat16", "rate", "limit", "sets", "fonts", "origin")
    check_same(options.run, asked_of(options, *names))
    keras.utils.set_random_seed(options.seed)
    checkpoint = Checkpoint(options.run)
    if checkpoint.last.exists():
        network = keras.models.load_model(checkpoint.last)
    else:
        network = begin(options.network, options.start)
        network.compile(keras.optimizers.Adam(options.rate), loss)
    seeds = options.seed, int(options.origin[:8], 16)
    batches = Batches(training, seeds, options.batches, handwriting)
    rng = np.random.default_rng(options.seed)
    validation = partial(rows_of, to_validate, rng, rows_to_validate(options), handwriting)
    return go_on(network, batches, checkpoint, options, validation)


def rows_to_validate(options):
    return min(VALIDATION, options.limit or VALIDATION)


def begin(of_digits, start=None):
    """The network as another of its kind, or its first blocks as those of one for single digits.

    Raises ModelError where that one is of another plan.
    """
    network = model.build_strip()
    known = keras.models.load_model(start or of_digits, compile=False)
    known = model.tower_at(known, 0) or known
    ours, known = (
        [layer for layer in each.layers if layer.weights][: None if start else model.OF_STEM]
        for each in (network, known)
    )
    try:
        for layer, other in zip(ours, known, strict=True):
            layer.set_weights(other.get_weights())
    except ValueError as error:  # Keras's or zip's
        kind = "fit_strips" if start else "fit"
        raise model.ModelError(f"{start or of_digits} was not made by train.{kind}.") from error
    return network


@keras.saving.register_keras_serializable(package="strips")
def loss(targets, answers):
    """Minus the log-likelihood of each digit having places side by side within where it lies.

    targets: (n, most, places + 10), where each digit lies, and which it is; zeros beyond the last.
    answers: (n, places, 11), as model.build_strip's.
    """
    where, which = targets[:, :, :-10], targets[:, :, -10:]
    answers = ops.log(answers + EPSILON)
    none = answers[:, :, -1:]
    odds = ops.matmul(which, ops.transpose(answers[:, :, :-1] - none, (0, 2, 1)))
    upto = ops.cumsum(odds * where, axis=2)
    before = upto - odds * where
    runs = upto[:, :, np.newaxis] - before[:, :, :, np.newaxis]
    within = where[:, :, np.newaxis] * where[:, :, :, np.newaxis]
    forwards = np.triu(np.ones((where.shape[2],) * 2, np.float32))
    runs = ops.logsumexp(ops.where(within * forwards > 0, runs, NEVER), axis=(2, 3))
    return -ops.sum(none[:, :, 0], axis=1) - ops.sum(ops.max(which, axis=2) * runs, axis=1)


class Batches(keras.utils.PyDataset):
    """Strips written anew in each epoch, alike for the same seeds and epoch."""

    def __init__(self, digits, seeds, count, handwriting=None):
        super().__init__(workers=WORKERS, max_queue_size=4 * WORKERS)
        self.digits = digits
        self.seeds = seeds
        self.count = count
        self.handwriting = handwriting
        self.begin(0)

    def begin(self, epoch):
        self.epoch = epoch

    def on_epoch_end(self):
        self.begin(self.epoch + 1)

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        rng = np.random.default_rng((*self.seeds, self.epoch, index))
        return rows_of(self.digits, rng, BATCH, self.handwriting)


def rows_of(digits, rng, count, handwriting=None):
    """(count, 28, ROW, 1) float32 of strips side by side, and what `loss` wants of them."""
    some = islice(rows(partial(write_strip, digits, rng, handwriting)), count)
    return tuple(map(np.stack, zip(*some, strict=True)))


def rows(write):
    """Rows without end of what `write` gives, each with its targets."""
    row, targets, left, count = begin_row()
    while True:
        strip, labels, ends = write()
        width = strip.shape[1]
        if width > ROW:  # five broad digits
            continue
        if left + width > ROW or count + len(labels) > MOST:
            yield row, targets
            row, targets, left, count = begin_row()
        row[:, left : left + width] = strip
        first = left // STEP
        spans = zip([0, *ends], [*ends, places_in(width)], labels, strict=False)
        for start, stop, label in spans:
            targets[count, first + start : first + stop] = 1
            targets[count, places_in(ROW) + label] = 1
            count += 1
        left += width + width % STEP


def begin_row():
    row = np.zeros((model.INPUT[0], ROW, 1), np.float32)
    return row, np.zeros((MOST, places_in(ROW) + 10), np.float32), 0, 0


def publish(test, history, options):
    """Write the best network beside the other one, with a card, and compile both anew."""
    # In float32, whatever it was trained in.
    network = begin(options.network, options.run / "best.keras")
    count = min(TEST, options.limit or TEST)
    losses = [figures["val_loss"] for figures in history]
    how = {
        "data": {"training": options.sets, "handwriting": options.fonts},
        "start": options.origin,
        "seed": options.seed,
        "batch": BATCH,
        "learning_rate": options.rate,
        "epochs": len(history),
        "best_epoch": losses.index(min(losses)) + 1,
        "validation": {"rows": rows_to_validate(options), "loss": min(losses)},
        "history": history,
    }
    out = options.out / model.STRIP_FILE
    with put_together(options.out) as beside:
        new = beside / out.name
        compiled = beside / options.network.with_suffix(".tflite").name
        keras.models.save_model(network, new, include_optimizer=False)
        model.compile_for_serving(options.network, compiled, new)
        right = count_right(test, model.load(compiled).strip, count)
        write_card(network, new, {"test": {"strips": count, "right": right}, **how})
    print(f"{out}: {right} of {count} strips of MNIST's test digits are read exactly")


def count_right(digits, network, count):
    """How many strips are read exactly, taking each place for what it most likely is."""
    rng, right = np.random.default_rng(0), 0
    for _ in range(count):
        strip, labels, _ = write_strip(digits, rng)
        best = network(strip[np.newaxis])[0].argmax(axis=1)
        is_next = np.diff(best, prepend=model.DIGITS) != 0
        right += best[is_next & (best < model.DIGITS)].tolist() == labels
    return right


if __name__ == "__main__":
    main()
