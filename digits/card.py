"""The networks' cards, which training writes beside them, in the words of the contract."""

import json
from pathlib import Path

from digits.contract import Limits, Network, OperatingPoint
from digits.image import FORMATS
from digits.judge import AMONG, DIGIT, SURE

STRIP_CARD = "mnist_strip.json"
OF_STRIP = ("model", "sha256", "parameters", "test")  # what is told of it
INPUT = "28×28 pixels in one channel, 0 paper … 1 ink"
OUTPUT = "the probability of each digit, if it is one, and that of its being one"


def describe_network(classifier, settings):
    """The network that answers, and what of it the cards beside settings.model tell.

    classifier: as model.load's. Returns a Network.
    """
    path, version = Path(settings.model), classifier.version
    card = read_card(path.with_suffix(".json"))
    if card.get("model") != version:  # of another network
        card = {}
    strip = read_card(path.with_name(STRIP_CARD))
    if strip.get("model") != classifier.strip_version:
        strip = {}
    towers = card.get("towers", [card] if card else [])
    return Network(
        model=version,
        sha256=card.get("sha256"),
        made=card.get("made"),
        architecture={
            "input": INPUT,
            "output": OUTPUT,
            "parameters": card.get("parameters"),
            "towers": len(towers) or None,
            "layers": card.get("layers"),
        },
        training=card.get("data", {}).get("training"),
        scores={
            "test": card.get("test"),
            "validation": [tower.get("validation") for tower in towers],
        },
        calibration=[tower["calibration"] for tower in towers if "calibration" in tower],
        strip={name: strip[name] for name in OF_STRIP} if strip else None,
        operating_point=OperatingPoint(DIGIT, SURE, AMONG),
        limits=Limits(
            bytes=settings.max_bytes,
            pixels=settings.max_pixels,
            images=settings.max_images,
            seconds=settings.max_time,
            formats=list(FORMATS),
        ),
    )


def read_card(path):
    """A card, a dict; an empty one where there is none."""
    return json.loads(path.read_text()) if path.is_file() else {}
