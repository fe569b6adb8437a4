"""The evaluation as one HTML page that needs nothing beside it: its pictures are inside."""

import base64
from html import escape
from io import BytesIO

import matplotlib as mpl
import numpy as np

from digits.judge import SURE
from train.calibrate import BINS, calibration_error
from train.measure import confusions
from train.negatives import NONE

mpl.use("Agg")
from matplotlib import pyplot as plt

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
  img {{ max-width: 100%; background: white; }}
  table {{ border-collapse: collapse; }}
  th, td {{ padding: 0.2rem 0.8rem; text-align: right; border-bottom: 1px solid #8885; }}
  th:first-child, td:first-child {{ text-align: left; }}
  .strip {{ height: 2.2rem; image-rendering: pixelated; vertical-align: middle; }}
</style>
<h1>{title}</h1>
{body}
</html>
"""  # noqa: E501


def write(folder, path, classifier, sets, corrupted, shift, negatives, history):
    """Write folder/index.html. The sets are train.evaluate's Measured; `sets` begins with MNIST."""
    mnist = sets[0]
    sections = [
        ("Accuracy", accuracy_table(sets)),
        (
            "Fifteen corruptions of MNIST's test digits",
            f"<p>After MNIST-C (Mu and Gilmer 2019). Clean: {share(mnist.right)}.</p>"
            + accuracy_table(corrupted),
        ),
        ("Confusions", draw_confusions(mnist)),
        ("Misses, the surest first", draw_misses(mnist)),
        ("Reliability", draw_reliability([shift, mnist])),
        ("What is no digit, and what is declined", draw_rejection(shift, negatives)),
        ("Where the network looked", draw_saliency(classifier, mnist)),
    ]
    if history:
        sections.append(("Training", draw_history(history)))
    if (trained := path.with_suffix(".h5")).is_file():
        sections.append(("The network", draw_network(trained)))
    body = "\n".join(f"<h2>{escape(title)}</h2>\n{content}" for title, content in sections)
    folder.mkdir(parents=True, exist_ok=True)
    page = PAGE.format(title=escape(f"{classifier.version}: evaluation"), body=body)
    (folder / "index.html").write_text(page)


def accuracy_table(sets):
    rows = "".join(
        f"<tr><td>{escape(each.name.replace('_', ' '))}</td><td>{len(each.labels):,}</td>"
        f"<td>{share(each.right)}</td><td>{share(each.accepted)}</td>"
        f"<td>{share(each.accepted & ~each.right)}</td><td>{strip(each.frames[:12])}</td></tr>"
        for each in sets
    )
    heads = ("set", "digits", "best guess right", "accepted", "accepted and wrong", "as seen")
    return f"<table><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>{rows}</table>"


def share(is_true):
    return f"{is_true.mean():.2%}"


def strip(frames):
    """A row of frames, as they are."""
    content = BytesIO()
    plt.imsave(content, 1 - np.hstack(frames[..., 0]), cmap="gray", vmin=0, vmax=1, format="png")
    return image(content, "frames", "strip")


def image(content, words, kind=""):
    data = base64.b64encode(content.getvalue()).decode()
    return f'<img class="{kind}" alt="{escape(words)}" src="data:image/png;base64,{data}">'


def as_image(figure, words):
    content = BytesIO()
    figure.savefig(content, dpi=110)
    plt.close(figure)
    return image(content, words)


def draw_confusions(measured):
    confusion = confusions(measured)
    figure, axes = plt.subplots(figsize=(6, 6), layout="constrained")
    errors = confusion - np.diag(np.diag(confusion))
    axes.imshow(errors, cmap="Reds")
    for row, column in np.ndindex(confusion.shape):
        colour = "white" if errors[row, column] > 0.6 * errors.max() else "black"
        text = confusion[row, column] or ""
        axes.text(column, row, text, ha="center", va="center", fontsize=9, color=colour)
    axes.set(xticks=range(10), yticks=range(10), xlabel="taken for", ylabel="is a")
    return as_image(figure, "Confusion matrix, errors shaded")


def draw_misses(measured, most=60):
    misses = np.flatnonzero(~measured.right)
    misses = misses[np.argsort(-measured.confidence[misses])][:most]
    columns = 10
    rows = max(1, -(-len(misses) // columns))
    figure, axes = plt.subplots(
        rows, columns, figsize=(columns, 1.25 * rows), layout="constrained", squeeze=False
    )
    for place in axes.flat:
        place.axis("off")
    for place, miss in zip(axes.flat, misses, strict=False):
        place.imshow(1 - measured.frames[miss, ..., 0], cmap="gray", vmin=0, vmax=1)
        title = f"{measured.labels[miss]} → {measured.guesses[miss]}"
        place.set_title(f"{title}  {measured.confidence[miss]:.0%}", fontsize=8)
    return as_image(figure, "The misread digits: label, best guess, confidence")


def draw_reliability(sets):
    """Of the digits: how often the best guess is right, by its confidence."""
    figure, places = plt.subplots(1, len(sets), figsize=(10, 4.5), layout="constrained")
    for axes, each in zip(places, sets, strict=True):
        is_digit = each.labels != NONE
        confidence, right = each.confidence[is_digit], each.right[is_digit]
        bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
        counts = np.bincount(bins, minlength=BINS)
        filled = counts > 0
        mean = np.bincount(bins, confidence, BINS)[filled] / counts[filled]
        accuracy = np.bincount(bins, right, BINS)[filled] / counts[filled]
        axes.plot([0, 1], [0, 1], "--", color="gray", label="means what it says")
        axes.plot(mean, accuracy, "o-", label="measured")
        spread = np.sqrt(accuracy * (1 - accuracy) / counts[filled])
        axes.errorbar(mean, accuracy, spread, fmt="none", alpha=0.5)
        axes.bar(mean, counts[filled] / counts.sum(), 0.03, alpha=0.3, label="share of the digits")
        error = calibration_error(confidence, right)
        axes.set(xlabel="confidence", ylabel="right", title=f"{each.name}: ECE {error:.2%}")
        axes.legend()
    return as_image(figure, "Reliability diagrams")


def draw_rejection(shift, negatives):
    """At each least confidence: shifted digits that are declined, and non-digits accepted."""
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    levels = np.linspace(0, 1, 201)
    is_digit = shift.labels != NONE
    curves = [("declined: shifted digits", shift.confidence[is_digit], np.less)]
    curves += [(f"accepted: {each.name}", each.confidence, np.greater_equal) for each in negatives]
    for label, confidence, beyond in curves:
        axes.plot(levels, [100 * beyond(confidence, level).mean() for level in levels], label=label)
    wrong = shift.confidence[is_digit & ~shift.right]
    axes.plot(
        levels,
        [100 * (wrong >= level).sum() / is_digit.sum() for level in levels],
        label="accepted and wrong: shifted digits",
    )
    axes.axvline(SURE, color="gray", linestyle="--", label="the operating point")
    axes.set(xlabel="least confidence that is accepted", ylabel="%", ylim=(0, 50))
    axes.grid(alpha=0.3)
    axes.legend()
    return as_image(figure, "Rejection curve")


def draw_saliency(classifier, measured, window=5):
    """A dozen digits, each with what covering a place costs its probability.

    Occlusion (Zeiler and Fergus 2014): a window of paper slides over the digit.
    """
    chosen = [
        int(np.flatnonzero(measured.labels == digit)[0]) for digit in np.unique(measured.labels)
    ]
    chosen += [int(i) for i in np.argsort(measured.confidence)[:2]]
    figure, axes = plt.subplots(2, 6, figsize=(10, 3.6), layout="constrained")
    for place in axes.flat:
        place.axis("off")
    for place, index in zip(axes.flat, chosen, strict=False):
        frame, guess = measured.frames[index], measured.guesses[index]
        side = len(frame) - window + 1
        covered = np.repeat(frame[np.newaxis], side * side, axis=0)
        for number, (row, column) in enumerate(np.ndindex(side, side)):
            covered[number, row : row + window, column : column + window] = 0
        answers = classifier.whole(np.append(covered, frame[np.newaxis], axis=0))
        confidence = answers[:, guess] * answers[:, NONE]
        costs = confidence[-1] - confidence[:-1]
        place.imshow(1 - frame[..., 0], cmap="gray", vmin=0, vmax=1)
        edge = window // 2 - 0.5
        extent = (edge, edge + side, edge + side, edge)
        grid = np.clip(costs.reshape(side, side), 0, 1)
        place.imshow(grid, cmap="Reds", alpha=0.6, vmin=0, vmax=1, extent=extent)
        place.set(xlim=(-0.5, 27.5), ylim=(27.5, -0.5))
        place.set_title(f"{guess}: {measured.confidence[index]:.0%}", fontsize=9)
    return as_image(figure, "Digits, the places that matter to the answer in red")


def draw_history(history):
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
    return as_image(figure, "Loss and accuracy by epoch")


def draw_network(path):
    """The layers in order, tower by tower, each with the shape of its output and its parameters."""
    import keras

    layers = keras.models.load_model(path, compile=False).layers
    towers = [layer for layer in layers if isinstance(layer, keras.Model)]
    if towers:
        own = [layer for tower in towers for layer in tower.layers]
        layers = [*own, *layers[1 + len(towers) :]]
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
    count = f", {len(towers)} towers" if towers else ""
    axes.set_title(f"layer, output, parameters{count}", fontsize=9)
    axes.axis("off")
    return as_image(figure, "The layers of the network")
