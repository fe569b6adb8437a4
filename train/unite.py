"""python -m train.unite: make one network of several that train.fit wrote, as it is shipped."""

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras

import model
from train import data
from train.fit import NAME, write
from train.options import described, to_write, whole


def main():
    options = arguments()
    try:
        mnist = data.load(options.mnist)
        networks = [keras.models.load_model(path, compile=False) for path in options.networks]
        united = model.unite(networks)
    except (data.DataError, model.ModelError) as error:
        raise SystemExit(str(error)) from error
    cards = [json.loads(path.with_suffix(".json").read_text()) for path in options.networks]
    # Nothing is calibrated here: there are hardly any digits that no tower has learned from. Each
    # was calibrated on its own seed's validation digits, from most of which one that went on from
    # several seeds had learned already: that one may be too bold.
    how = {"data": cards[0]["data"], "towers": cards, "history": cards[0]["history"]}
    test = data.some(options.limit, mnist.test)
    write(united, test, options.out, how)


def arguments():
    parser = argparse.ArgumentParser(prog="python -m train.unite", description=__doc__)
    data.add_arguments(parser)
    parser.add_argument("networks", nargs="+", type=described, help=".h5 files made by train.fit")
    parser.add_argument("--out", type=to_write, help=f"the network (default: {NAME})")
    parser.add_argument("--limit", type=whole(), help="at most this many test digits, to try")
    options = parser.parse_args()
    if options.limit and not options.out:
        parser.error("--limit is to try: say with --out where the network goes")
    options.out = options.out or Path(NAME)
    return options


if __name__ == "__main__":
    main()
