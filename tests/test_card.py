"""GET /model: what the card beside the network tells, and no other network's card."""

import json
import shutil
from pathlib import Path

import pytest

import model
from app import create_app
from digits.card import OF_STRIP
from digits.judge import AMONG, DIGIT, SURE
from settings import Settings

CARD = json.loads(Path("mnist_cnn.json").read_text())


def test_the_shipped_network_is_described(client, classifier):
    told = client.get("/model").json
    assert told["model"] == classifier.version == CARD["model"]
    assert (told["sha256"], told["made"]) == (CARD["sha256"], CARD["made"])
    assert told["architecture"]["parameters"] == CARD["parameters"]
    towers = CARD.get("towers", [CARD])
    assert told["architecture"]["towers"] == len(towers) == len(told["calibration"])
    layers = [layer for layer in told["architecture"]["layers"] if layer["parameters"]]
    assert sum(layer["parameters"] for layer in layers) == CARD["parameters"]
    assert layers[0] == {"kind": "Conv2D", "output": [26, 26, 32], "parameters": 288}
    assert told["training"]["mnist"] == 55_000
    assert told["scores"]["test"] == CARD["test"]
    strip = json.loads(Path("mnist_strip.json").read_text())
    assert told["strip"] == {name: strip[name] for name in OF_STRIP}
    assert strip["model"] == classifier.strip_version
    assert strip["sha256"] == model.sha256("mnist_strip.h5")
    assert told["operating_point"] == {"is_digit": DIGIT, "confidence": SURE, "among": AMONG}
    assert told["limits"]["images"] == 3
    assert "history" not in json.dumps(told)


@pytest.mark.parametrize("card", [None, {**CARD, "model": "another@000000000000"}])
def test_a_network_without_a_card_is_described_as_far_as_is_known(tmp_path, card):
    network = shutil.copy("mnist_cnn.tflite", tmp_path / "mine.tflite")
    if card:
        network.with_suffix(".json").write_text(json.dumps(card))
    told = create_app(Settings(model=str(network))).test_client().get("/model").json
    assert told["model"] == CARD["model"]
    assert (told["sha256"], told["made"], told["training"]) == (None, None, None)
    assert told["strip"] is None
    assert (told["architecture"]["parameters"], told["calibration"]) == (None, [])
    assert told["limits"]["pixels"] == Settings().max_pixels
