"""python -m train.evaluate: test accuracy, misses and confusions of the network, with pictures."""

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import matplotlib as mpl
import numpy as np

import model
from digits.normalise import normalise
from train import data

mpl.use("Agg")
from matplotlib import pyplot as plt

BATCH = 500


def main():
    options = arguments()
    try:
        test = data.load(options.mnist).test
        classifier = model.load(options.model)
    except (data.DataError, model.ModelError) as error:
        raise SystemExit(str(error)) from error
    inputs = np.stack([normalise(image) for image in test.images])
    probabilities = classify(classifier, inputs)
    confusion = confusions(test.labels, probabilities)
    print(f"{classifier.version} on the {len(test.labels):,} MNIST test digits")
    report(confusion)
    options.figures.mkdir(parents=True, exist_ok=True)
    draw_confusions(confusion, options.figures / "confusions.png")
    draw_misses(inputs, test.labels, probabilities, options.figures / "misses.png")
    card = options.model.with_suffix(".json")
    if card.is_file():
        history = json.loads(card.read_text())["history"]
        draw_history(history, options.figures / "training.png")
    if options.model.suffix != ".tflite":
        draw_network(options.model, options.figures / "network.png")
    print(f"Pictures: {', '.join(sorted(path.name for path in options.figures.glob('*.png')))}")
    print(f"in {options.figures}")


def arguments():
    parser = argparse.ArgumentParser(prog="python -m train.evaluate", description=__doc__)
    data.add_arguments(parser)
    parser.add_argument("--model", type=Path, default=Path("mnist_cnn.h5"))
    parser.add_argument("--figures", type=Path, default=Path("train/figures"))
    return parser.parse_args()


def classify(classifier, inputs):
    """(n, 28, 28, 1) -> (n, 10) probabilities, a batch at a time."""
    batches = (inputs[start : start + BATCH] for start in range(0, len(inputs), BATCH))
    return np.concatenate([classifier(batch) for batch in batches])


def confusions(labels, probabilities):
    """(10, 10) counts: row the digit that it is, column the digit that it was taken for."""
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (labels, probabilities.argmax(axis=1)), 1)
    return counts


def report(confusion):
    """Print accuracy, misses and a row for each digit."""
    right, total = int(np.trace(confusion)), int(confusion.sum())
    print(f"accuracy {right / total:.2%}, {total - right} misses\n")
    print("digit   count  missed  recall %  precision %  taken for")
    for digit, row in enumerate(confusion):
        wrong = {other: n for other, n in enumerate(row) if other != digit and n}
        taken = ", ".join(f"{other} ({n})" for other, n in sorted(wrong.items(), key=by_count))
        recall = row[digit] / row.sum()
        precision = row[digit] / max(1, confusion[:, digit].sum())
        print(
            f"{digit:5d}{row.sum():8d}{sum(wrong.values()):8d}"
            f"{100 * recall:10.2f}{100 * precision:13.2f}  {taken}"
        )
    print()


def by_count(item):
    return -item[1]


def draw_confusions(confusion, path):
    figure, axes = plt.subplots(figsize=(6, 6), layout="constrained")
    errors = confusion - np.diag(np.diag(confusion))
    axes.imshow(errors, cmap="Reds")
    for row, column in np.ndindex(confusion.shape):
        colour = "white" if errors[row, column] > 0.6 * errors.max() else "black"
        text = confusion[row, column] or ""
        axes.text(column, row, text, ha="center", va="center", fontsize=9, color=colour)
    axes.set(xticks=range(10), yticks=range(10), xlabel="taken for", ylabel="is a")
    axes.set_title("Confusions: errors shaded")
    save(figure, path)


def draw_misses(inputs, labels, probabilities, path, most=60):
    """The digits that were misread, the surest mistakes first."""
    guesses = probabilities.argmax(axis=1)
    misses = np.flatnonzero(guesses != labels)
    misses = misses[np.argsort(-probabilities[misses, guesses[misses]])][:most]
    columns = 10
    rows = max(1, -(-len(misses) // columns))
    figure, axes = plt.subplots(
        rows, columns, figsize=(columns, 1.25 * rows), layout="constrained", squeeze=False
    )
    for place in axes.flat:
        place.axis("off")
    for place, miss in zip(axes.flat, misses, strict=False):
        place.imshow(1 - inputs[miss, ..., 0], cmap="gray", vmin=0, vmax=1)
        guess = guesses[miss]
        title = f"{labels[miss]} → {guess}  {probabilities[miss, guess]:.0%}"
        place.set_title(title, fontsize=8)
    save(figure, path)


def draw_history(history, path):
    figure, places = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    epochs = range(1, len(history) + 1)
    for axes, name in zip(places, ("loss", "accuracy"), strict=True):
        axes.plot(epochs, [figures[name] for figures in history], label="training, distorted")
        validation = [figures[f"val_{name}"] for figures in history]
        axes.plot(epochs, validation, label="validation, clean and distorted")
        axes.set(xlabel="epoch", title=name)
        axes.grid(alpha=0.3)
    places[0].set_yscale("log")
    places[1].set_ylim(0.9, 1)
    places[0].legend()
    save(figure, path)


def draw_network(path_of_network, path):
    """The layers in order, each with the shape of its output and its parameters."""
    import keras

    layers = keras.models.load_model(path_of_network, compile=False).layers
    figure, axes = plt.subplots(figsize=(6, 0.42 * len(layers) + 0.6), layout="constrained")
    colours = {"Conv2D": "#c9d6ff", "MaxPooling2D": "#ffe0b8", "Dense": "#c8ecd2"}
    for row, layer in enumerate(layers):
        kind = type(layer).__name__
        box = plt.Rectangle((0, -row), 1, 0.8, fc=colours.get(kind, "#f0f1f5"), ec="#808798")
        axes.add_patch(box)
        shape = "×".join(str(side) for side in layer.output.shape[1:])
        parameters = f"{layer.count_params():,}" if layer.count_params() else ""
        cells = [(0.02, kind, "left"), (0.62, shape, "center"), (0.98, parameters, "right")]
        for x, text, align in cells:
            axes.text(x, 0.4 - row, text, ha=align, va="center", fontsize=9)
    axes.set(xlim=(-0.01, 1.01), ylim=(-len(layers) + 0.9, 0.9))
    axes.set_title("layer, output, parameters", fontsize=9)
    axes.axis("off")
    save(figure, path)


def save(figure, path):
    figure.savefig(path, dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    main()
