"""The network, and the runtimes that run it: nobody else asks Keras or LiteRT for an answer."""

import hashlib
import tempfile
import threading
from pathlib import Path

import numpy as np

INPUT = (28, 28, 1)
DIGITS = 10
OF_STEM = 8  # layers with weights in a stem: four convolutions, each batch-normalised
PLACES = 9  # in which the heads see every channel: 3x3
GLANCE = "glance"  # the compiled signature of the first of several towers
# Confidence of the first tower that needs no other, chosen on validation digits: the others hardly
# ever change a best guess that it is so sure of (train/RESULTS.md).
SETTLED = 0.95


class ModelError(Exception):
    """The network cannot be loaded; the message says what to do."""


def build(stems=1):
    """The convolutional network, untrained.

    stems: how many first two blocks look at the frame side by side, for a third as many times as
    broad to read what all of them see.

    (n, 28, 28, 1) float32 in [0, 1] -> (n, 11) float32: ten probabilities that sum to 1, of each
    digit if it is one, and the probability that it is one. The plan is VGG's (Simonyan and
    Zisserman 2014): pairs of 3x3 convolutions, each pair followed by max-pooling; every convolution
    is batch-normalised (Ioffe and Szegedy 2015), which compiling folds away. The first pair is not
    padded, for a digit's frame is margin enough.
    """
    from keras import Input, Model, layers

    def convolution(x, filters, padding):
        x = layers.Conv2D(filters, 3, padding=padding, use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization()(x))

    def block(x, filters, dropout, padding="same"):
        x = convolution(convolution(x, filters, padding), filters, padding)
        return layers.Dropout(dropout)(layers.MaxPooling2D()(x))

    frame = Input(INPUT, name="frame")
    seen = [block(block(frame, 32, 0, padding="valid"), 64, 0.05) for _ in range(stems)]
    x = block(layers.Concatenate()(seen) if stems > 1 else seen[0], 128 * stems, 0.1)
    x = layers.Flatten()(x)
    single = {"dtype": "float32"}  # probabilities stay precise where training computes in bfloat16
    digit = layers.Dense(DIGITS, activation="softmax", name="digit", **single)(x)
    is_digit = layers.Dense(1, activation="sigmoid", name="is_digit", **single)(x)
    answer = layers.Concatenate(name="answer", **single)([digit, is_digit])
    return Model(frame, answer, name="mnist_cnn")


def go_on_from(networks):
    """A network to train on from one of `build`, or from several that have one stem each.

    Of several it begins as the mean of their logits: no part of the broad block looks yet at what
    another's stem sees (a start that preserves the function, Chen, Goodfellow and Shlens 2016).
    """
    layers = [[layer for layer in network.layers if layer.weights] for network in networks]
    if len(networks) == 1:
        begun = build(sum(layer.weights[0].shape[:3] == (3, 3, 1) for layer in layers[0]))
        begun.set_weights(networks[0].get_weights())
        return begun
    begun = build(len(networks))
    into = (layer for layer in begun.layers if layer.weights)
    for place, parts in enumerate(zip(*layers, strict=True)):
        weights = [part.get_weights() for part in parts]
        for each in weights if place < OF_STEM else [side_by_side(weights)]:
            next(into).set_weights(each)
    return begun


def side_by_side(parts):
    """The weights of a layer of which each part reads its own network's share alone."""
    kernels = [weights[0] for weights in parts]
    if kernels[0].ndim == 1:  # a batch normalisation
        return [np.concatenate(each) for each in zip(*parts, strict=True)]
    if kernels[0].ndim == 2:  # a head: of each place in turn it reads every channel
        shape = (PLACES, -1, kernels[0].shape[1])
        joined = np.concatenate([kernel.reshape(shape) for kernel in kernels], axis=1)
        biases = [weights[1] for weights in parts]
        return [joined.reshape(-1, shape[2]) / len(parts), np.mean(biases, axis=0)]
    reads, gives = kernels[0].shape[2:]
    joined = np.zeros((3, 3, reads * len(parts), gives * len(parts)), np.float32)
    for i, kernel in enumerate(kernels):
        joined[:, :, i * reads : (i + 1) * reads, i * gives : (i + 1) * gives] = kernel
    return [joined]


def unite(networks):
    """Several trained networks of `build` as one, which reads with all of them.

    Each is a tower that gives logits, whose means are the answer (an ensemble, Hansen and Salamon
    1990, by geometric means of the probabilities).
    """
    from keras import Input, Model, layers

    frame = Input(INPUT, name="frame")
    towers = [tower_of(network, f"tower_{i}") for i, network in enumerate(networks)]
    digits, ones = zip(*(tower(frame) for tower in towers), strict=True)
    digit = layers.Softmax(name="digit")(layers.Average()(digits))
    is_digit = layers.Activation("sigmoid", name="is_digit")(layers.Average()(ones))
    answer = layers.Concatenate(name="answer")([digit, is_digit])
    return Model(frame, answer, name="mnist_cnn")


def tower_of(network, name):
    """A network of `build` up to the logits: of the ten digits, and of its being one."""
    from keras import Model, layers

    seen = network.get_layer("digit").input
    logits = [layers.Dense(DIGITS, name="digit_logits"), layers.Dense(1, name="is_digit_logit")]
    tower = Model(network.input, [each(seen) for each in logits], name=name)
    for each, head in zip(logits, ("digit", "is_digit"), strict=True):
        each.set_weights(network.get_layer(head).get_weights())
    return tower


def first_tower(network):
    """The first tower of a network of `unite` as a network of its own; None of any other."""
    from keras import Model

    towers = [layer for layer in network.layers if isinstance(layer, Model)]
    if not towers:
        return None
    digit, is_digit = towers[0].outputs
    answer = [network.get_layer("digit")(digit), network.get_layer("is_digit")(is_digit)]
    return Model(towers[0].input, network.get_layer("answer")(answer), name=GLANCE)


def compile_for_serving(trained, compiled):
    """Compile a Keras .h5 to a LiteRT .tflite with a signature that is named by the .h5's hash.

    A network of towers gets one more, GLANCE, of its first tower alone; the weights are shared.
    Weights take 8 bits, and so does what flows between layers, scaled anew for each digit (dynamic
    range quantisation): a quarter of the time and size, for probabilities that differ by some
    0.0005 in the mean.
    """
    import keras
    import tensorflow as tf

    network = keras.models.load_model(trained, compile=False)
    signatures = {f"{Path(trained).stem}_{sha256(trained)}": network}
    if first := first_tower(network):
        signatures[GLANCE] = first
    with tempfile.TemporaryDirectory() as folder:
        archive = keras.export.ExportArchive()
        for name, each in signatures.items():
            archive.track(each)
            archive.add_endpoint(name, each.call, [tf.TensorSpec((None, *INPUT), name="digit")])
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=[*signatures])
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        Path(compiled).write_bytes(converter.convert())


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def load(path):
    """Load a network for serving and warm it.

    path: a .tflite, run by LiteRT, or a .h5 or .keras, run by Keras where TensorFlow is installed.
    Returns a classifier: called from any thread with (n, 28, 28, 1) float32 in [0, 1] it returns
    (n, 11) float32: the probability of each digit, if it is one, and the probability that it is
    one. Of several towers the first may settle that; `whole`, called alike, asks them all.
    `version` names the weights, as in "mnist_cnn@3f9a6c0d1e2b".
    Raises ModelError where the file or its runtime is missing, or the file is another network.
    """
    path = Path(path)
    runtimes = {".tflite": LiteRT, ".h5": Keras, ".keras": Keras}
    if path.suffix not in runtimes:
        raise ModelError(f"{path} is no network: its name must end in {', '.join(runtimes)}.")
    if not path.is_file():
        raise ModelError(f"There is no network at {path}. Train one: python -m train.fit")
    try:
        classifier = runtimes[path.suffix](path)
        shape = classifier(np.zeros((1, *INPUT), np.float32)).shape
    except ImportError as error:
        raise ModelError(
            f"{path} needs {error.name}, which is not installed: "
            "pip install -r train/requirements.txt"
        ) from error
    except Exception as error:  # each runtime raises its own kinds
        raise ModelError(f"{path} cannot be loaded as a network: {error}") from error
    if shape == (1, DIGITS):
        return Trusting(classifier)
    if shape != (1, DIGITS + 1):
        raise ModelError(f"{path} gives {shape} for one digit, not ten probabilities, or eleven.")
    return classifier


class Trusting:
    """A network of ten probabilities alone, as most are: it takes everything for a digit."""

    def __init__(self, classifier):
        self.classifier = classifier
        self.version = classifier.version

    def whole(self, inputs):
        return np.insert(self.classifier.whole(inputs), DIGITS, 1, axis=1)

    __call__ = whole


class LiteRT:
    """Google's runtime for compiled networks: its interpreter makes one call at a time.

    A network of towers is asked in a cascade (Viola and Jones 2001): what its first tower is sure
    of is settled at a glance, and all of them read the rest.
    """

    def __init__(self, path):
        from ai_edge_litert.interpreter import Interpreter

        interpreter = Interpreter(model_content=path.read_bytes(), num_threads=1)
        signatures = interpreter.get_signature_list()
        (signature,) = signatures.keys() - {GLANCE}
        name, _, digest = signature.rpartition("_")
        self.version = f"{name}@{digest[:12]}"
        self._whole = interpreter.get_signature_runner(signature)
        self._glance = interpreter.get_signature_runner(GLANCE) if GLANCE in signatures else None
        (self._input,) = self._whole.get_input_details()
        self._turn = threading.Lock()

    def __call__(self, inputs):
        if self._glance is None:
            return self.whole(inputs)
        answers = self._run(self._glance, inputs)
        confidence = answers[:, :DIGITS].max(axis=1) * answers[:, DIGITS]
        if (doubtful := confidence < SETTLED).any():
            answers[doubtful] = self.whole(inputs[doubtful])
        return answers

    def whole(self, inputs):
        return self._run(self._whole, inputs)

    def _run(self, signature, inputs):
        with self._turn:
            (answers,) = signature(**{self._input: inputs}).values()
        return answers


class Keras:
    """The network as it was trained: the reference for LiteRT, and the way to bring one's own."""

    def __init__(self, path):
        import keras
        import tensorflow as tf

        network = keras.models.load_model(path, compile=False)
        # One trace for every batch size; `predict` would take 60 times as long for one digit.
        self._call = tf.function(
            lambda inputs: network(inputs, training=False),
            input_signature=[tf.TensorSpec((None, *INPUT), tf.float32)],
        )
        self.version = f"{path.stem}@{sha256(path)[:12]}"

    def whole(self, inputs):
        return self._call(inputs).numpy()

    __call__ = whole
