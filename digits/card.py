"""The network's card, which training writes beside it, in the words of the contract."""

import json
from pathlib import Path

from digits.contract import Limits, Network, OperatingPoint
from digits.image import FORMATS
from digits.judge import AMONG, DIGIT, SURE

INPUT = "28×28 pixels in one channel, 0 paper … 1 ink"
OUTPUT = "the probability of each digit, if it is one, and that of its being one"


def describe_network(version, settings):
    """The network that answers as `version`, and what of it the card beside settings.model tells.

    Returns a Network.
    """
    card = find_card(Path(settings.model), version)
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
        operating_point=OperatingPoint(DIGIT, SURE, AMONG),
        limits=Limits(settings.max_bytes, settings.max_pixels, settings.max_images, list(FORMATS)),
    )


def find_card(network, version):
    """The card, a dict; an empty one where there is none, or that of another network."""
    path = network.with_suffix(".json")
    card = json.loads(path.read_text()) if path.is_file() else {}
    return card if card.get("model") == version else {}
