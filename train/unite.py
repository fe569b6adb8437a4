"""python -m train.unite: make one network of several that train.fit wrote, as it is shipped."""

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras

import model
from train import data
from train.fit import write


def main():
    options = arguments()
    try:
        mnist = data.load(options.mnist)
    except data.DataError as error:
        raise SystemExit(str(error)) from error
    networks = [keras.models.load_model(path, compile=False) for path in options.networks]
    cards = [json.loads(path.with_suffix(".json").read_text()) for path in options.networks]
    # Each is calibrated on its own validation digits, which the others have learned from: the
    # means of their logits are left as they are, and rather too modest than too bold.
    how = {"data": cards[0]["data"], "towers": cards, "history": cards[0]["history"]}
    test = data.some(options.limit, mnist.test)
    write(model.unite(networks), test, options.out, how)


def arguments():
    parser = argparse.ArgumentParser(prog="python -m train.unite", description=__doc__)
    data.add_arguments(parser)
    parser.add_argument("networks", nargs="+", type=Path, help=".h5 files of train.fit's")
    parser.add_argument("--out", type=Path, default=Path("mnist_cnn.h5"), help="the network")
    parser.add_argument("--limit", type=int, help="at most this many test digits, to try")
    return parser.parse_args()


if __name__ == "__main__":
    main()
