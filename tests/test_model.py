"""The network that is shipped, in both its runtimes."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from strokes import DIGITS, draw

import model
from digits.normalise import normalise
from digits.strip import places_in
from train.strips import write_strip

CARD = json.loads(Path("mnist_cnn.json").read_text())


@pytest.fixture(scope="module")
def keras_classifier():
    return model.load("mnist_cnn.h5")


@pytest.fixture(scope="module")
def drawn():
    pens = np.linspace(0.01, 0.14, 10)
    inks = [1 - draw(digit, 84, pen) / np.float32(255) for digit in DIGITS for pen in pens]
    return np.stack([normalise(ink) for ink in inks])


def test_the_network_reads_as_its_diagram():
    layers = [type(layer).__name__ for layer in model.build().layers]
    assert layers[:4] == ["InputLayer", "Conv2D", "BatchNormalization", "ReLU"]
    assert layers.count("MaxPooling2D") == 3
    assert layers[-3:] == ["Dense", "Dense", "Concatenate"]


def trained(seed):
    """As if trained: no weight is what it is at first, and no batch is normalised by 0 and 1."""
    network, rng = model.build(), np.random.default_rng(seed)
    network.set_weights(
        [each + rng.uniform(-0.05, 0.05, each.shape) for each in network.get_weights()]
    )
    return network


def test_several_networks_go_on_as_their_mean_and_one_as_itself():
    networks = [trained(0), trained(1)]
    frames = np.random.default_rng(2).random((5, 28, 28, 1), np.float32)
    begun = model.go_on_from(networks)
    assert np.allclose(begun(frames), model.unite(networks)(frames), atol=1e-4)
    assert not np.allclose(begun(frames), networks[0](frames), atol=1e-2)
    for each in (begun, networks[0]):
        assert np.array_equal(model.go_on_from([each])(frames), each(frames))


def test_the_h5_opens_with_keras():
    import keras

    network = keras.models.load_model("mnist_cnn.h5")
    assert network.input_shape == (None, 28, 28, 1)
    assert network.output_shape == (None, 11)
    assert network.count_params() == CARD["parameters"]


def test_all_three_files_are_of_one_network(classifier, keras_classifier):
    assert CARD["sha256"] == model.sha256("mnist_cnn.h5")
    assert classifier.version == keras_classifier.version == CARD["model"]


def test_the_compiled_network_agrees_with_keras_on_mnist(classifier, keras_classifier, mnist):
    inputs = np.stack([normalise(image) for image in mnist.test.images[:1000]])
    assert_alike(classifier.whole(inputs), keras_classifier.whole(inputs))


def test_the_compiled_network_agrees_with_keras_on_drawings(classifier, keras_classifier, drawn):
    assert_alike(classifier.whole(drawn), keras_classifier.whole(drawn))


def assert_alike(compiled, reference):
    """Eight bits change no answer but a toss-up's, and hardly how sure it is."""
    second, best = np.sort(reference[:, :10], axis=1)[:, -2:].T
    same = compiled[:, :10].argmax(axis=1) == reference[:, :10].argmax(axis=1)
    assert (same | (best - second < 0.05)).all()
    assert np.abs(compiled - reference).mean() < 1e-3
    assert np.abs(compiled - reference).max() < 0.06


@pytest.fixture(scope="module")
def strips(mnist):
    rng = np.random.default_rng(0)
    return [write_strip(mnist.test, rng)[0][np.newaxis] for _ in range(100)]


def test_the_compiled_network_agrees_with_keras_on_strips_of_any_width(
    classifier, keras_classifier, strips
):
    assert classifier.strip_version == keras_classifier.strip_version
    for strip in strips:
        compiled, reference = classifier.strip(strip), keras_classifier.strip(strip)
        assert compiled.shape == reference.shape == (1, places_in(strip.shape[2]), 11)
        assert np.abs(compiled - reference).mean() < 0.01


def test_threads_do_not_disturb_each_other_s_strips(classifier, strips):
    expected = [classifier.strip(strip) for strip in strips]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(classifier.strip, strips))
    assert all(np.array_equal(*pair) for pair in zip(answers, expected, strict=True))


def test_what_one_tower_settles_the_others_would_not_change(classifier, mnist):
    inputs = np.stack([normalise(image) for image in mnist.test.images[:4000]])
    answers, whole = classifier(inputs), classifier.whole(inputs)
    settled = (answers != whole).any(axis=1)
    confidence = answers[:, :10].max(axis=1) * answers[:, 10]
    assert 0.9 < settled.mean() < 1
    assert confidence[settled].min() >= model.SETTLED
    assert (answers[:, :10].argmax(axis=1) == whole[:, :10].argmax(axis=1)).all()
    assert np.abs(answers - whole).max() < 0.2


def test_the_network_reads_mnists_test_digits_as_well_as_its_card_says(classifier, mnist):
    inputs = np.stack([normalise(image) for image in mnist.test.images])
    misses = int((classifier(inputs)[:, :10].argmax(axis=1) != mnist.test.labels).sum())
    assert misses == CARD["test"]["misses"]
    assert misses <= 40  # at least 99.6 %


def test_one_and_many_give_the_same(classifier, drawn):
    together = classifier(drawn)
    alone = np.concatenate([classifier(drawn[i : i + 1]) for i in range(len(drawn))])
    assert np.abs(together - alone).max() < 1e-6


def test_threads_do_not_disturb_each_other(classifier, drawn):
    expected = classifier(drawn)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: classifier(drawn), range(40)))
    assert all(np.array_equal(answer, expected) for answer in answers)


def test_a_bad_network_is_refused_in_words(tmp_path):
    garbage = tmp_path / "garbage.tflite"
    garbage.write_bytes(b"no flatbuffer")
    other = tmp_path / "other.h5"
    other.write_bytes(b"no HDF5")
    for path, words in {
        "nowhere.tflite": "There is no network at nowhere.tflite",
        "README.md": "its name must end in .tflite, .h5, .keras",
        garbage: "cannot be loaded as a network",
        other: "cannot be loaded as a network",
    }.items():
        with pytest.raises(model.ModelError, match=words):
            model.load(path)


def test_a_network_of_another_shape_is_refused(tmp_path):
    import keras

    path = tmp_path / "five.keras"
    keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(5)]
    ).save(path)
    with pytest.raises(model.ModelError, match="not ten probabilities"):
        model.load(path)


@pytest.mark.parametrize("outputs", [{"units": 10}, {"units": 11, "activation": "softmax"}])
def test_a_network_of_no_probabilities_of_the_ten_digits_is_refused(tmp_path, outputs):
    import keras

    path = tmp_path / "other.keras"
    keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(**outputs)]
    ).save(path)
    with pytest.raises(model.ModelError, match="it must end in a softmax over the ten digits"):
        model.load(path)


def test_a_network_that_takes_another_shape_is_refused(tmp_path):
    import keras

    path = tmp_path / "broad.keras"
    ten = keras.layers.Dense(10, activation="softmax")
    keras.Sequential([keras.Input((32, 32, 1)), keras.layers.Flatten(), ten]).save(path)
    with pytest.raises(model.ModelError, match=r"takes \(32, 32, 1\), not \(28, 28, 1\)\.$"):
        model.load(path)


def test_a_network_without_a_channel_is_served(tmp_path):
    import keras

    path = tmp_path / "flat.keras"
    ten = keras.layers.Dense(10, activation="softmax")
    keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), ten]).save(path)
    classifier = model.load(path)
    assert classifier(np.zeros((2, 28, 28, 1), np.float32)).shape == (2, 11)
    assert (classifier.strip, classifier.strip_version) == (None, None)


def test_a_network_of_ten_probabilities_takes_everything_for_a_digit(tmp_path):
    import keras

    path = tmp_path / "ten.keras"
    ten = keras.layers.Dense(10, activation="softmax")
    keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), ten]).save(path)
    classifier = model.load(path)
    answers = classifier(np.random.default_rng(0).random((3, 28, 28, 1), np.float32))
    assert answers.shape == (3, 11)
    assert answers[:, :10].sum(axis=1) == pytest.approx([1, 1, 1])
    assert (answers[:, 10] == 1).all()
    assert classifier.version.startswith("ten@")


def test_probabilities_sum_to_one(classifier, drawn):
    answers = classifier(drawn)
    assert answers[:, :10].sum(axis=1) == pytest.approx(np.ones(len(drawn)), abs=1e-5)
    assert answers.min() >= 0
    assert answers.max() <= 1
