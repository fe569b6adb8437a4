"""Several networks as one give the means of their logits."""

import json
import sys

import numpy as np
import pytest

import model
from train import unite
from train.fit import begin


def logits(answers):
    return np.log(answers[:, :10]), np.log(answers[:, 10]) - np.log1p(-answers[:, 10])


def test_the_united_network_against_its_towers(mnist_path, tmp_path, monkeypatch):
    import keras

    networks = []
    for seed in range(2):
        keras.utils.set_random_seed(seed)
        networks.append(model.build())
        path = tmp_path / f"net{seed}.h5"
        keras.models.save_model(networks[-1], path)
        card = {"data": {}, "history": [], "seed": seed}
        path.with_suffix(".json").write_text(json.dumps(card))
    mnist = ["--mnist", mnist_path] if mnist_path else []
    paths = [str(tmp_path / f"net{seed}.h5") for seed in range(2)]
    out = tmp_path / "united.h5"
    monkeypatch.setattr(sys, "argv", ["", *mnist, "--limit", "20", *paths, "--out", str(out)])
    unite.main()
    frames = np.random.default_rng(0).random((5, 28, 28, 1), np.float32)
    united = model.load(out)(frames)
    each = [logits(np.array(network(frames))) for network in networks]
    mean = np.mean([digit for digit, _ in each], axis=0)
    expected = np.exp(mean) / np.exp(mean).sum(axis=1, keepdims=True)
    assert np.allclose(united[:, :10], expected, atol=1e-5)
    assert np.allclose(logits(united)[1], np.mean([one for _, one in each], axis=0), atol=1e-4)
    card = json.loads(out.with_suffix(".json").read_text())
    assert [tower["seed"] for tower in card["towers"]] == [0, 1]
    compiled = model.load(out.with_suffix(".tflite"))
    assert compiled.version == card["model"]
    assert np.allclose(compiled.whole(frames), united, atol=0.05)
    both = keras.models.load_model(out, compile=False)
    assert np.allclose(model.tower_at(both, 0)(frames), networks[0](frames), atol=1e-5)
    assert np.allclose(begin([out], tower=1)(frames), networks[1](frames), atol=1e-5)
    with pytest.raises(model.ModelError, match="say which tower"):
        begin([out])
    with pytest.raises(model.ModelError, match="no tower 2"):
        begin([out], tower=2)
    with pytest.raises(model.ModelError, match="only once"):
        model.unite([both, networks[0]])
