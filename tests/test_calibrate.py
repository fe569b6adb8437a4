"""Calibration against cases whose answer is known."""

import numpy as np
import pytest

import model
from train.calibrate import (
    STRAY,
    calibrate,
    calibration_error,
    confidence_of,
    fit_logistic,
    fit_temperature,
    shifted,
)
from train.negatives import NEGATIVES, NONE


def test_the_temperature_that_logits_were_multiplied_by_is_found():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (40_000, 10))
    labels = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)  # drawn from their softmax
    heated = np.exp(2.5 * logits)
    found = fit_temperature(heated / heated.sum(axis=1, keepdims=True), labels)
    assert found == pytest.approx(2.5, rel=0.03)


def test_the_logistic_that_truths_were_drawn_from_is_found():
    rng = np.random.default_rng(0)
    x = rng.normal(0, 3, 100_000)
    is_true = rng.random(len(x)) < 1 / (1 + np.exp(-(0.7 * x - 1.2)))
    even = np.full(len(x), 1 / len(x))
    assert fit_logistic(x, is_true, even) == pytest.approx((0.7, -1.2), abs=0.03)


def test_weights_count_like_repetitions():
    x, is_true = np.array([-1.0, 0.5, 1, 2]), np.array([False, True, False, True])
    weighted = fit_logistic(x, is_true, np.array([1, 2, 1, 3]) / 7)
    repeated = np.repeat(np.arange(4), [1, 2, 1, 3])
    even = np.full(7, 1 / 7)
    assert weighted == pytest.approx(fit_logistic(x[repeated], is_true[repeated], even), rel=1e-6)


def test_the_logistic_is_found_where_truths_lie_apart():
    x, is_true = np.array([-9.0, -8, 8, 9]), np.array([False, False, True, True])
    slope, offset = fit_logistic(x, is_true, np.full(4, 0.25))
    assert np.isfinite([slope, offset]).all()
    assert slope > 0


def test_calibration_error_against_a_count_by_hand():
    confidence = np.array([0.95, 0.95, 0.95, 0.95, 0.5, 1.0])
    right = np.array([True, True, True, False, True, True])
    # Two bins: five of mean 0.96 with four right, and one of 0.5 that is right.
    assert calibration_error(confidence, right) == pytest.approx((0.8 + 0.5) / 6)


def test_confidence_counts_both_heads():
    answers = np.array([[0.9, 0.1, 0, 0, 0, 0, 0, 0, 0, 0, 0.5]])
    assert confidence_of(answers) == pytest.approx([0.45])


def test_calibrating_is_folded_into_the_weights(mnist):
    network = model.build()
    few = type(mnist.validation)(*(array[:300] for array in mnist.validation))
    frames, labels = shifted(few, seed=0)
    before = network.predict(frames, verbose=0).astype(float)
    figures = calibrate(network, frames, labels)
    after = network.predict(frames, verbose=0).astype(float)
    cooled = before[:, :10] ** (1 / figures["temperature"])
    assert after[:, :10] == pytest.approx(cooled / cooled.sum(axis=1, keepdims=True), abs=1e-5)
    logits = np.log(before[:, 10] / (1 - before[:, 10]))
    platt = 1 / (1 + np.exp(-(figures["slope"] * logits + figures["offset"])))
    assert after[:, 10] == pytest.approx(platt, abs=1e-5)
    share = (1 - STRAY) * platt[labels != NONE].mean() + STRAY * platt[labels == NONE].mean()
    assert share == pytest.approx(1 - STRAY, abs=0.01)


def test_shifted_digits_and_negatives_are_in_training_s_proportion(mnist):
    few = type(mnist.validation)(*(array[:100] for array in mnist.validation))
    frames, labels = shifted(few, seed=0)
    assert frames.shape == (100 + NEGATIVES * 100, 28, 28, 1)
    assert np.array_equal(labels[:100], few.labels)
    assert (labels[100:] == NONE).all()
