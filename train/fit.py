"""python -m train.fit: train the network, compile it for serving, write down how it was made."""

import argparse
import json
import os
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import ops

import model
from train import data
from train.augment import REFINING, SHARES, augment
from train.calibrate import calibrate, shifted
from train.cut_out import CUT_OUT, cut_out
from train.handwriting import Handwriting, HandwritingError
from train.measure import measure
from train.negatives import NEGATIVES, NONE, negative
from train.options import folder, to_write, trained, whole

NAME = "mnist_cnn.h5"
BATCH = 128
EPSILON = 1e-7  # keeps the logarithm of a probability finite
TAUGHT = 0.7  # how far a teacher's answers are to be learned, instead of the labels
LEARNING_RATE = 2e-3  # Adam's, at the start; it falls to 1 % of that along a cosine
PATIENCE = 10  # epochs without a better validation loss before training stops
WORKERS = 2  # threads that distort the next batches while the network learns from this one


def main():
    options = arguments()
    try:
        mnist = data.load(options.mnist, options.seed)
        others = data.load_others(options.others)
        handwriting = options.handwriting and Handwriting(options.handwriting)
        if options.teacher:
            model.load(options.teacher)
        if options.start:
            begin(options.start, options.tower)
    except (data.DataError, HandwritingError, model.ModelError) as error:
        raise SystemExit(str(error)) from error
    print(f"To be written: {options.out}, its .tflite and its .json")
    mnist = data.Mnist(*(data.some(options.limit, part) for part in mnist))
    parts = {"mnist": mnist.training}
    parts |= {name: data.some(options.limit, part) for name, (part, _) in others.items()}
    options.sets = data.told(parts)
    options.fonts = handwriting and handwriting.origin
    if options.bfloat16:
        keras.config.set_dtype_policy("mixed_bfloat16")
    history = fit(data.join(*parts.values()), mnist.validation, options, handwriting)
    keras.config.set_dtype_policy("float32")
    publish(mnist, history, options)


def arguments():
    parser = argparse.ArgumentParser(prog="python -m train.fit", description=__doc__)
    data.add_arguments(parser)
    parser.add_argument("--epochs", type=whole(), default=20)
    parser.add_argument("--rate", type=float, default=LEARNING_RATE, help="Adam's, at the start")
    parser.add_argument("--seed", type=whole(0), default=0)
    parser.add_argument(
        "--start", type=trained, nargs="+", help="a network to go on from; of several, as one"
    )
    parser.add_argument(
        "--tower", type=whole(0), help="which of --start's, from 0, where train.unite made it"
    )
    parser.add_argument(
        "--refine", action="store_true", help="distort fewer digits, as in last epochs"
    )
    parser.add_argument("--teacher", type=Path, help="a trained network to learn the answers of")
    parser.add_argument("--handwriting", type=Path, help="a folder of fonts drawn by hand")
    parser.add_argument("--bfloat16", action="store_true", help="faster where processors have it")
    parser.add_argument("--run", type=folder, default=Path("train/run"), help="checkpoints")
    parser.add_argument(
        "--out", type=to_write, help=f"the network (default: {NAME}, with --limit in --run)"
    )
    parser.add_argument(
        "--limit", type=whole(), help="at most this many digits of each part, to try"
    )
    options = parser.parse_args()
    options.out = options.out or (options.run if options.limit else Path()) / NAME
    return options


def check_same(run, asked):
    """Refuse to go on with a run begun otherwise: another seed validates by other digits."""
    record = run / "options.json"
    if not record.exists():
        replace(record, lambda path: path.write_text(json.dumps(asked)))
        return
    begun = json.loads(record.read_text())
    differ = [
        f"{name} {begun.get(name)}, not {asked.get(name)}"
        for name in begun | asked
        if begun.get(name) != asked.get(name)
    ]
    if differ:
        raise SystemExit(
            f"{run} holds a run begun with {'; '.join(differ)}: name another --run, or delete it."
        )


def asked_of(options, *names):
    return {name: getattr(options, name) for name in names}


def origins(options):
    """Hashes of the networks that a run begins with, or None, and how far a teacher is learned."""
    return {
        "start": options.start and [model.sha256(path) for path in options.start],
        "tower": options.tower,
        "teacher": options.teacher and model.sha256(options.teacher),
        "taught": options.teacher and TAUGHT,
    }


def fit(training, to_validate, options, handwriting=None):
    """Train, or go on where a cut-off run stopped. Returns one dict of figures per epoch."""
    options.run.mkdir(parents=True, exist_ok=True)
    names = ("seed", "epochs", "bfloat16", "rate", "refine", "limit", "sets", "fonts")
    check_same(options.run, asked_of(options, *names) | origins(options))
    keras.utils.set_random_seed(options.seed)
    last = options.run / "last.keras"
    if last.exists():
        network = keras.models.load_model(last)
    else:
        network = begin(options.start, options.tower)
        network.compile(keras.optimizers.Adam(options.rate), loss, metrics=[accuracy])
    checkpoint = Checkpoint(options.run)
    teacher = options.teacher and model.load(options.teacher).whole
    shares = REFINING if options.refine else SHARES
    batches = Batches(training, seeds_of(options), handwriting, teacher, shares)
    return go_on(
        network,
        batches,
        checkpoint,
        options,
        lambda: validation(to_validate, options.seed, handwriting, teacher, shares),
    )


def go_on(network, batches, checkpoint, options, validate_on):
    """Train a compiled network from where it is to the last epoch. Returns the history.

    validate_on: gives (inputs, targets).
    """
    done = int(network.optimizer.iterations) // len(batches)
    batches.begin(done)
    checkpoint.forget_after(done)
    run = options.run
    if done == options.epochs or checkpoint.is_stale():
        print(f"{run} is trained to its end; delete it to train afresh.")
        return checkpoint.history
    if done:
        print(f"Going on after epoch {done}, from {checkpoint.last}; delete {run} to start afresh.")
    network.fit(
        batches,
        initial_epoch=done,
        epochs=options.epochs,
        shuffle=False,  # each epoch has its own order already
        validation_data=validate_on(),
        validation_batch_size=500,
        callbacks=[
            keras.callbacks.LearningRateScheduler(
                lambda epoch: cosine(epoch / options.epochs) * options.rate
            ),
            checkpoint,
        ],
    )
    return checkpoint.history


def begin(start, tower=None):
    """A network as it is before the first epoch: new, or trained ones to go on from, as one.

    tower: which of theirs, where they are united. Raises ModelError where that is not there, or a
    network is of another plan.
    """
    if not start:
        return model.build()
    networks = [keras.models.load_model(path, compile=False) for path in start]
    if tower is not None:
        networks = [model.tower_at(network, tower) for network in networks]
    if None in networks:
        raise model.ModelError(f"There is no tower {tower} in what --start names.")
    return model.go_on_from(networks)


def seeds_of(options):
    """The seed and, where networks go on, their hashes: they have seen the seed's distortions."""
    return options.seed, *(int(model.sha256(path)[:8], 16) for path in options.start or [])


@keras.saving.register_keras_serializable()
def loss(targets, answers):
    """Cross-entropy of the digit, where it is one, and of whether it is one.

    targets: (n, 11), how much each digit, or none, is right. answers: (n, 11), what model.build's
    network gives.
    """
    digit = -ops.sum(targets[:, :NONE] * ops.log(answers[:, :NONE] + EPSILON), axis=1)
    return digit + keras.losses.binary_crossentropy(1 - targets[:, NONE:], answers[:, NONE:])


@keras.saving.register_keras_serializable()
def accuracy(targets, answers):
    """Whether what is answered, a digit or none, is what is most to be."""
    guesses = ops.argmax(answers[:, :NONE], axis=1)
    return ops.equal(ops.where(answers[:, NONE] >= 0.5, guesses, NONE), ops.argmax(targets, axis=1))


def targets_of(labels, answers=None):
    """What `loss` wants of labels (n,), 0 … 9 or NONE: (n, 11) float32, each row's sum 1.

    A teacher's answers (n, 11), where given, are most of it (Hinton, Vinyals and Dean 2015), where
    its best guess is right: what it does not know is learned from the labels alone.
    """
    targets = np.eye(NONE + 1, dtype=np.float32)[labels]
    if answers is None:
        return targets
    is_digit = answers[:, NONE:]
    taught = np.hstack([answers[:, :NONE] * is_digit, 1 - is_digit])
    is_right = (taught.argmax(axis=1) == labels)[:, np.newaxis]
    return np.where(is_right, (1 - TAUGHT) * targets + TAUGHT * taught, targets)


def cosine(progress):
    """From 1 to 0.01 (Loshchilov and Hutter 2017)."""
    return 0.01 + 0.99 * (1 + np.cos(np.pi * progress)) / 2


class Batches(keras.utils.PyDataset):
    """Batches of digits distorted anew in each epoch, alike for the same seeds and epoch.

    seeds: whole numbers, as seeds_of's. handwriting: a train.handwriting.Handwriting or
    None. teacher: a classifier, as model.load's, whose answers are learned as well; or None.
    shares: as train.augment's.
    """

    def __init__(self, digits, seeds, handwriting=None, teacher=None, shares=SHARES):
        super().__init__(workers=WORKERS, max_queue_size=4 * WORKERS)
        self.digits = digits
        self.seeds = seeds
        self.handwriting = handwriting
        self.teacher = teacher
        self.shares = shares
        self.begin(0)

    def begin(self, epoch):
        self.epoch = epoch
        count = len(self.digits.labels)
        count += round(NEGATIVES * count)  # from there on, what is no digit
        self.order = np.random.default_rng((*self.seeds, epoch)).permutation(count)

    def on_epoch_end(self):
        self.begin(self.epoch + 1)

    def __len__(self):
        return -(-len(self.order) // BATCH)

    def __getitem__(self, index):
        rng = np.random.default_rng((*self.seeds, self.epoch, index))
        chosen = self.order[index * BATCH : (index + 1) * BATCH]
        frames, labels = zip(*(self.example(i, rng) for i in chosen), strict=True)
        frames = np.stack(frames)
        return frames, targets_of(np.array(labels), self.teacher and self.teacher(frames))

    def example(self, index, rng):
        images, labels = self.digits
        if index >= len(labels):
            return negative(self.digits, rng, handwriting=self.handwriting), NONE
        if rng.random() < CUT_OUT:
            other = images[rng.integers(len(images))]
            return cut_out(images[index], other, rng), labels[index]
        frame = augment(images[index], labels[index], rng, self.handwriting, self.shares)
        return frame, labels[index]


def validation(digits, seed, handwriting=None, teacher=None, shares=SHARES):
    """What selection looks at: each digit as it is and once distorted, and what is none.

    A network that is taught is measured by what it is taught, too.
    """
    rng = np.random.default_rng(seed)
    distorted = [augment(*digit, rng, handwriting, shares) for digit in zip(*digits, strict=True)]
    count = round(2 * NEGATIVES * len(digits.labels))
    none = [negative(digits, rng, handwriting=handwriting) for _ in range(count)]
    labels = [*digits.labels, *digits.labels, *[NONE] * len(none)]
    frames, labels = np.concatenate([data.frames(digits), distorted, none]), np.array(labels)
    answers = teacher and measure("validation", teacher, frames, labels).answers
    return frames, targets_of(labels, answers)


class Checkpoint(keras.callbacks.Callback):
    """Keep the last network, to go on from, the best by validation loss, and the history.

    Each file is replaced whole, so that a run may be cut off at any moment. Training stops early
    where the best was PATIENCE epochs ago; the history tells, so that a cut-off run stops alike.
    """

    def __init__(self, folder):
        super().__init__()
        self.last, self.best = folder / "last.keras", folder / "best.keras"
        self.record = folder / "history.json"
        self.history = json.loads(self.record.read_text()) if self.record.exists() else []

    def forget_after(self, epochs):
        """Drop what a cut-off run wrote of epochs that its last network has not seen."""
        del self.history[epochs:]

    def on_epoch_end(self, epoch, logs=None):
        self.history.append({name: round(float(value), 6) for name, value in logs.items()})
        losses = [figures["val_loss"] for figures in self.history]
        if losses[-1] == min(losses):
            replace(self.best, self.model.save)
        replace(self.record, lambda path: path.write_text(json.dumps(self.history)))
        replace(self.last, self.model.save)
        self.model.stop_training = self.is_stale()

    def is_stale(self):
        losses = [figures["val_loss"] for figures in self.history]
        return len(losses) - losses.index(min(losses)) > PATIENCE if losses else False


def replace(path, write):
    """Write a file beside `path`, then put it in its place in one step."""
    beside = path.with_stem(path.stem + "-new")
    write(beside)
    beside.replace(path)


def publish(mnist, history, options):
    """Write the best network as .h5, compiled as .tflite, and described as .json."""
    trained = keras.models.load_model(options.run / "best.keras", compile=False)
    network = model.go_on_from([trained])  # in float32, whatever it was trained in
    calibration = calibrate(network, *shifted(mnist.validation, options.seed))
    best = min(range(len(history)), key=lambda epoch: history[epoch]["val_loss"])
    write(
        network,
        mnist.test,
        options.out,
        {
            "data": {
                "training": options.sets,
                "handwriting": options.fonts,
                "validation": "MNIST's other training digits, clean and distorted, and non-digits",
            },
            "seed": options.seed,
            "batch": BATCH,
            "learning_rate": options.rate,
            "refined": options.refine,
            **origins(options),
            "epochs": len(history),
            "best_epoch": best + 1,
            "validation": {
                "digits": len(mnist.validation.labels),
                "loss": history[best]["val_loss"],
                "accuracy": history[best]["val_accuracy"],
            },
            "calibration": calibration,
            "history": history,
        },
    )


def write(network, test, out, how):
    """Write a network as .h5, compiled as .tflite, and its card: `how` it was made, and a test."""
    with put_together(out.parent) as beside:
        new, compiled = beside / out.name, beside / out.with_suffix(".tflite").name
        keras.models.save_model(network, new, include_optimizer=False)
        model.compile_for_serving(new, compiled, out.with_name(model.STRIP_FILE))
        served = measure("test", model.load(compiled), data.frames(test), test.labels)
        count, misses = len(test.labels), int((~served.right).sum())
        tested = {"digits": count, "misses": misses, "accuracy": 1 - misses / count}
        write_card(network, new, {"test": tested, **how})
    print(f"{out}: {1 - misses / count:.2%} on {count:,} of MNIST's test digits, {misses} misses")


@contextmanager
def put_together(folder):
    """A folder to write files in that are then put in `folder`, none before all are whole.

    Exits with a sentence where they cannot be, as on a full disk.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as beside:
            yield Path(beside)
            for path in Path(beside).iterdir():
                path.replace(folder / path.name)
    except (OSError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "errno" not in str(error):  # h5py tells it so
            raise
        raise SystemExit(
            f"{folder.resolve()} could not be written to. Run this again when it can be: {error}"
        ) from error


def write_card(network, out, how):
    """Write a network's card beside its file: what it is, and `how` it was made and tested."""
    card = {
        "model": model.version_of(model.signature_of(out)),
        "sha256": model.sha256(out),
        "made": datetime.now(UTC).date().isoformat(),
        "with": {"keras": keras.version(), "backend": keras.backend.backend()},
        "parameters": network.count_params(),
        "layers": layers_of(network),
        **how,
    }
    out.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n")


def layers_of(network):
    """Each layer's kind, output and parameters, tower by tower."""
    towers = [layer for layer in network.layers if isinstance(layer, keras.Model)]
    layers = [*(layer for tower in towers for layer in tower.layers), *network.layers]
    return [
        {
            "kind": type(layer).__name__,
            "output": list(layer.output.shape[1:]),
            "parameters": layer.count_params(),
        }
        for layer in layers
        if layer not in towers and not isinstance(layer, keras.layers.InputLayer)
    ]


if __name__ == "__main__":
    main()
