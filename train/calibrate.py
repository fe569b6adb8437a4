"""Make probabilities mean what they say, on digits unlike those of the training set."""

import numpy as np

from train.augment import look, redraw
from train.corrupt import CORRUPTIONS
from train.glyphs import magnify
from train.negatives import CALIBRATION_FONTS, NEGATIVES, NONE, negative
from train.paper import photograph

STRAY = 0.05  # share of non-digits among the pictures that people bring, as we suppose it
BINS = 15


def shifted(digits, seed, fonts=CALIBRATION_FONTS):
    """Digits as people bring them, and what is none of them.

    A third of the digits are redrawn, a third photographed, a third corrupted, and all but the
    redrawn come the whole way of a picture. The letters are of fonts that training does not show.

    digits: Digits. Returns (n, 28, 28, 1) float32 and labels (n,), 0 … 9 or NONE.
    """
    rng = np.random.default_rng(seed)
    frames = [WAYS[i % len(WAYS)](image, rng) for i, image in enumerate(digits.images)]
    none = round(NEGATIVES * len(frames))
    frames += [negative(digits, rng, fonts) for _ in range(none)]
    return np.stack(frames), np.array([*digits.labels, *[NONE] * none])


def redrawn(image, rng):
    return redraw(magnify(image), rng)


def photographed(image, rng):
    return look(photograph(image, rng), image)


def corrupted(image, rng):
    corrupt = CORRUPTIONS[rng.integers(len(CORRUPTIONS))]
    return look((corrupt(image, rng) * 255).astype(np.uint8), image)


WAYS = (redrawn, photographed, corrupted)


def calibrate(network, frames, labels):
    """Fit both heads of the network to labelled frames, in place.

    The digit's logits are divided by a temperature (Guo et al. 2017); the logit of its being one
    gets a slope and an offset (Platt 1999). Both are folded into the weights of their layers, so
    that what serves knows nothing of it. What is no digit weighs as if it were STRAY of all.
    Returns the three numbers.
    """
    answers = network.predict(frames, batch_size=500, verbose=0).astype(np.float64)
    is_digit = labels != NONE
    temperature = fit_temperature(answers[is_digit, :NONE], labels[is_digit])
    weights = np.where(is_digit, (1 - STRAY) / is_digit.sum(), STRAY / (~is_digit).sum())
    slope, offset = fit_logistic(logit(answers[:, NONE]), is_digit, weights)
    scale(network.get_layer("digit"), 1 / temperature, 0)
    scale(network.get_layer("is_digit"), slope, offset)
    return {"temperature": temperature, "slope": slope, "offset": offset}


def fit_temperature(probabilities, labels):
    """The temperature of least mean cross-entropy, of a grid in steps of one percent."""
    logits = np.log(np.maximum(probabilities, 1e-30))

    def loss(temperature):
        scaled = logits / temperature
        return np.mean(np.logaddexp.reduce(scaled, axis=1) - scaled[np.arange(len(labels)), labels])

    return float(min(np.geomspace(0.3, 5, 284), key=loss))


def fit_logistic(x, is_true, weights):
    """Slope and offset of a weighted logistic regression on one variable, by Newton's method.

    The weights sum to 1.
    """
    design = np.column_stack([x, np.ones(len(x))])
    found = np.array([1.0, 0.0])
    for _ in range(100):
        p = 1 / (1 + np.exp(-(design @ found)))
        gradient = design.T @ (weights * (p - is_true))
        curvature = (design * (weights * p * (1 - p))[:, None]).T @ design + 1e-8 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        found = found - step / max(1.0, np.abs(step).max())
    return float(found[0]), float(found[1])


def logit(p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return np.log(p / (1 - p))


def scale(layer, factor, offset):
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel * factor, bias * factor + offset])


def confidence_of(answers):
    """(n, 11) of model.load's classifier -> (n,) probability that the best guess is right."""
    return answers[:, :NONE].max(axis=1) * answers[:, NONE]


def calibration_error(confidence, right):
    """Expected calibration error in BINS bins of equal width (Naeini et al. 2015), 0 … 1."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, confidence - right, BINS)
    return float(np.abs(gaps).sum() / len(confidence))
