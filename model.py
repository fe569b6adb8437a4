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
STRIP_FILE = "mnist_strip.h5"  # the network that reads digits that touch, beside the other one
FRAMES = (None, *INPUT)  # what each network takes
STRIPS = (None, INPUT[0], None, 1)
# Confidence of the first tower that needs no other, chosen on validation digits: the others hardly
# ever change a best guess that it is so sure of (train/RESULTS.md).
SETTLED = 0.95
ROUNDING = 0.02  # by which the sum of probabilities may miss 1: of ten in steps of 1/256, too


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

    frame = Input(INPUT, name="frame")
    seen = [block(block(frame, 32, 0, padding="valid"), 64, 0.05) for _ in range(stems)]
    x = block(layers.Concatenate()(seen) if stems > 1 else seen[0], 128 * stems, 0.1)
    x = layers.Flatten()(x)
    single = {"dtype": "float32"}  # probabilities stay precise where training computes in bfloat16
    digit = layers.Dense(DIGITS, activation="softmax", name="digit", **single)(x)
    is_digit = layers.Dense(1, activation="sigmoid", name="is_digit", **single)(x)
    answer = layers.Concatenate(name="answer", **single)([digit, is_digit])
    return Model(frame, answer, name="mnist_cnn")


def block(x, filters, dropout, padding="same", pool=2):
    """Two convolutions and a pooling."""
    from keras import layers

    x = convolution(convolution(x, filters, 3, padding), filters, 3, padding)
    return layers.Dropout(dropout)(layers.MaxPooling2D(pool)(x))


def convolution(x, filters, size, padding):
    from keras import layers

    x = layers.Conv2D(filters, size, padding=padding, use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def build_strip():
    """The network that reads several digits that touch, untrained.

    (n, 28, w, 1) float32 in [0, 1], as digits.strip makes it -> (n, (w - 4) // 2, 11) float32:
    for each place, two pixels wide, the probabilities, which sum to 1, that a digit stands there,
    of each kind, and that none does. It begins as `build`'s; pooling halves the row but once.
    """
    from keras import Input, Model, layers

    row = Input((INPUT[0], None, 1), name="strip")
    x = block(row, 32, 0, padding="valid")
    x = block(x, 64, 0.05, pool=(2, 1))
    x = block(x, 96, 0.1, pool=(2, 1))
    x = layers.ZeroPadding2D((0, 2))(x)
    x = layers.Dropout(0.1)(convolution(x, 128, (3, 5), "valid"))
    x = convolution(x, 128, (1, 5), "same")
    x = layers.Reshape((-1, 128))(x)
    answer = layers.Dense(DIGITS + 1, activation="softmax", name="places", dtype="float32")(x)
    return Model(row, answer, name="mnist_strip")


def go_on_from(networks):
    """A network to train on from one of `build`, or from several that have one stem each.

    Of several it begins as the mean of their logits: no part of the broad block looks yet at what
    another's stem sees (a start that preserves the function, Chen, Goodfellow and Shlens 2016).
    Raises ModelError where one is of another plan.
    """
    try:
        return begun_as(networks)
    except (ValueError, StopIteration) as error:  # Keras's, NumPy's, zip's; no more layers
        raise ModelError(
            "--start takes a network made by train.fit, or several with one stem each; "
            "for a united one, say which tower: --tower 0, --tower 1 …"
        ) from error


def begun_as(networks):
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
    1990, by geometric means of the probabilities). Raises ModelError where one is of another plan.
    """
    from keras import Input, Model, layers

    frame = Input(INPUT, name="frame")
    try:
        towers = [tower_of(network, f"tower_{i}") for i, network in enumerate(networks)]
    except ValueError as error:  # Keras's
        raise ModelError("Only networks made by train.fit can be united, and only once.") from error
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


def tower_at(network, place):
    """A tower of a network of `unite`, from 0, as a network of its own; None if there is none."""
    from keras import Model

    towers = [layer for layer in network.layers if isinstance(layer, Model)]
    if place >= len(towers):
        return None
    digit, is_digit = towers[place].outputs
    answer = [network.get_layer("digit")(digit), network.get_layer("is_digit")(is_digit)]
    return Model(towers[place].input, network.get_layer("answer")(answer), name=GLANCE)


def compile_for_serving(trained, compiled, strip=None):
    """Compile a Keras .h5 to a LiteRT .tflite with a signature that is named by the .h5's hash.

    A network of towers gets one more, GLANCE, of its first tower alone; the weights are shared.
    One of build_strip's, where there is such a file, becomes another, likewise named by its hash.
    Weights take 8 bits, and so does what flows between layers, scaled anew for each digit (dynamic
    range quantisation): a quarter of the time and size, for probabilities that differ by some
    0.0005 in the mean.
    """
    import keras
    import tensorflow as tf

    network = keras.models.load_model(trained, compile=False)
    signatures = {signature_of(trained): (network, FRAMES)}
    if first := tower_at(network, 0):
        signatures[GLANCE] = first, FRAMES
    if strip and Path(strip).is_file():
        signatures[signature_of(strip)] = keras.models.load_model(strip, compile=False), STRIPS
    with tempfile.TemporaryDirectory() as folder:
        archive = keras.export.ExportArchive()
        for name, (each, shape) in signatures.items():
            archive.track(each)
            archive.add_endpoint(name, each.call, [tf.TensorSpec(shape, name="ink")])
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=[*signatures])
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        Path(compiled).write_bytes(converter.convert())


def signature_of(path):
    """Of a compiled network, and what tells which one it was: "mnist_cnn_3f9a…"."""
    return f"{Path(path).stem}_{sha256(path)}"


def version_of(signature):
    name, _, digest = signature.rpartition("_")
    return f"{name}@{digest[:12]}"


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def load(path):
    """Load a network for serving and warm it.

    path: a .tflite, run by LiteRT, or a .h5 or .keras, run by Keras where TensorFlow is installed;
    a relative one is looked for beside this file, too.
    Returns a classifier: called from any thread with (n, 28, 28, 1) float32 in [0, 1] it returns
    (n, 11) float32: the probability of each digit, if it is one, and the probability that it is
    one. Of several towers the first may settle that; `whole`, called alike, asks them all.
    `version` names the weights, as in "mnist_cnn@3f9a6c0d1e2b".
    `strip` reads what build_strip's network does, and `strip_version` names that; both are None
    where there is none.
    Raises ModelError where the file or its runtime is missing, or the file is another network.
    """
    path = Path(path)
    runtimes = {".tflite": LiteRT, ".h5": Keras, ".keras": Keras}
    if path.suffix not in runtimes:
        raise ModelError(f"{path} is not a network: its name must end in {', '.join(runtimes)}.")
    found = [file for file in (path, Path(__file__).parent / path) if file.is_file()]
    if not found:
        raise ModelError(f"There is no network at {path}. Train one: python -m train.fit")
    path = found[0]
    try:
        classifier = runtimes[path.suffix](path)
        answers = classifier(probe())
    except ImportError as error:
        raise ModelError(
            f"{path} needs {error.name}, which is not installed: "
            "pip install -r train/requirements.txt"
        ) from error
    except Exception as error:  # each runtime raises its own kinds
        raise ModelError(f"{path} cannot be loaded as a network: {error}") from error
    if answers.shape[1:] not in ((DIGITS,), (DIGITS + 1,)):
        raise ModelError(
            f"{path} gives {answers.shape[1:]} for one digit, not ten probabilities or eleven."
        )
    if not are_probabilities(answers):
        raise ModelError(
            f"{path} gives no probabilities: it must end in a softmax over the ten digits."
        )
    return classifier if answers.shape[1] > DIGITS else Trusting(classifier)


def probe():
    """What any network must have an answer to: an empty frame, and noise. (4, 28, 28, 1)."""
    noise = np.random.default_rng(0).random((3, *INPUT), np.float32)
    return np.concatenate([np.zeros((1, *INPUT), np.float32), noise])


def are_probabilities(answers):
    """Whether those of the ten digits sum to 1. What is not finite fails every comparison."""
    off = np.abs(answers[:, :DIGITS].sum(axis=1) - 1)
    return (off <= ROUNDING).all() and ((answers >= 0) & (answers <= 1 + ROUNDING)).all()


class Trusting:
    """A network of ten probabilities alone, as most are: it takes everything for a digit."""

    def __init__(self, classifier):
        self.classifier = classifier
        self.version = classifier.version
        self.strip, self.strip_version = classifier.strip, classifier.strip_version

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

        self._interpreter = Interpreter(model_content=path.read_bytes(), num_threads=1)
        self._turn = threading.Lock()
        signatures = self._interpreter.get_signature_list()
        strips = [name for name in signatures if name.startswith(Path(STRIP_FILE).stem)]
        (whole,) = signatures.keys() - {GLANCE, *strips}
        self.version = version_of(whole)
        self.whole = self._reader(whole)
        self._glance = self._reader(GLANCE) if GLANCE in signatures else None
        self.strip, self.strip_version = None, None
        for strip in strips:
            self.strip, self.strip_version = self._reader(strip), version_of(strip)

    def __call__(self, inputs):
        if self._glance is None:
            return self.whole(inputs)
        answers = self._glance(inputs)
        confidence = answers[:, :DIGITS].max(axis=1) * answers[:, DIGITS]
        if (doubtful := confidence < SETTLED).any():
            answers[doubtful] = self.whole(inputs[doubtful])
        return answers

    def _reader(self, signature):
        runner = self._interpreter.get_signature_runner(signature)
        (name,) = runner.get_input_details()

        def read(inputs):
            with self._turn:
                (answers,) = runner(**{name: inputs}).values()
            return answers

        return read


class Keras:
    """The network as it was trained: the reference for LiteRT, and the way to bring one's own."""

    def __init__(self, path):
        self.whole = traced(path, FRAMES)
        self.version = version_of(signature_of(path))
        self.strip, self.strip_version = None, None
        if (strip := path.with_name(STRIP_FILE)).is_file():
            self.strip, self.strip_version = traced(strip, STRIPS), version_of(signature_of(strip))

    def __call__(self, inputs):
        return self.whole(inputs)


def traced(path, shape):
    """A network of Keras's as a function of arrays of that shape, or without its channel.

    One trace for every batch size; `predict` would take 60 times as long for one digit.
    Raises ValueError where it takes others.
    """
    import keras
    import tensorflow as tf

    network = keras.models.load_model(path, compile=False)
    takes = network.input_shape
    if not all(size in (None, ours) for size, ours in zip(takes[1:], shape[1:], strict=False)):
        raise ValueError(f"{path.name} takes {takes[1:]}, not {shape[1:]}.")
    call = tf.function(
        lambda inputs: network(inputs, training=False),
        input_signature=[tf.TensorSpec(shape)],
    )
    return lambda inputs: call(inputs).numpy()
