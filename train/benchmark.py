"""python -m train.benchmark: how fast and how large serving is, every ratio within one run.

The last line is JSON.
"""

import argparse
import base64
import importlib.util
import json
import math
import socket
import statistics
import threading
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
from flask import Flask, request

import model
from digits import judge
from digits.image import decode
from digits.ink import find_ink
from digits.normalise import normalise
from digits.read import read
from digits.segment import segment
from settings import Settings
from train.server import running

DRAWING = Path("tests/drawing.png")  # a digit as the page sent it from Chromium
NUMBER = Path("tests/number.png")  # five digits, likewise
BATCH = 64  # images in one request, at most what MAX_IMAGES allows
CLIENTS = 4  # closed loops: each sends its next request when the last is answered
ROUNDS = 5  # in which loads take turns: what slows the machine for a while slows them all

SETTLED = 0.05  # seconds after which the workers have taken what connects, or let it go


def main():
    parser = argparse.ArgumentParser(prog="python -m train.benchmark", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="of each load")
    seconds = parser.parse_args().seconds
    picture = DRAWING.read_bytes()
    figures = {"stages_ms": stages(picture)}
    show_stages(figures["stages_ms"])
    url = "data:image/png;base64," + base64.b64encode(picture).decode()
    figures |= servers(json.dumps({"image": url}).encode(), seconds)
    figures["batch"] = batch(url, seconds)
    print(json.dumps(figures))


def stages(picture):
    """Median time of each step from bytes to probabilities, in ms."""
    settings = Settings()
    classifier = model.load(settings.model)
    grey, _ = decode(picture, settings.max_pixels)
    ink = find_ink(grey)
    (character,) = segment(ink)
    inputs = normalise(character.ink)[np.newaxis]
    many = np.repeat(inputs, judge.BATCH, axis=0)
    return {
        "decode": median_ms(lambda: decode(picture, settings.max_pixels)),
        "find ink": median_ms(lambda: find_ink(grey)),
        "segment": median_ms(lambda: segment(ink)),
        "normalise": median_ms(lambda: normalise(character.ink)),
        "network": median_ms(lambda: classifier(inputs)),
        "network, where in doubt": median_ms(
            lambda: (classifier(inputs), classifier.whole(inputs))
        ),
        f"network, each of {len(many)}": round(median_ms(lambda: classifier(many)) / len(many), 3),
        "all": median_ms(lambda: read(picture, classifier, settings.max_pixels)),
        "all, as one digit": median_ms(
            lambda: read(picture, classifier, settings.max_pixels, "digit")
        ),
        "five digits": median_ms(
            lambda: read(NUMBER.read_bytes(), classifier, settings.max_pixels)
        ),
    }


def median_ms(call, repeats=500):
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return round(1000 * statistics.median(times), 3)


def show_stages(times):
    print("One drawing                 median ms")
    for name, milliseconds in times.items():
        print(f"{name:28s}{milliseconds:9.3f}")


def servers(body, seconds):
    """The app, with either runtime, beside an app that does nothing."""
    apps = {"empty": ("train.benchmark:empty()", {}), "litert": (None, {})}
    if importlib.util.find_spec("tensorflow"):
        apps["keras"] = (None, {"MODEL": "mnist_cnn.h5"})
    else:
        print("\nTensorFlow is not installed: MODEL=mnist_cnn.h5 is not measured.")
    with ExitStack() as stack:
        started = {
            name: stack.enter_context(running(app, **settings))
            for name, (app, settings) in apps.items()
        }
        loads = {name: partial(load, server, body) for name, server in started.items()}
        figures = take_turns(loads, seconds, "empty")
        print(f"\nPOST /predict, {CLIENTS} clients", end="  ")
        print("requests/s    p50 ms    p99 ms  ready s  worker MB")
        for name, row in figures.items():
            server = started[name]
            row["ready_s"] = round(server.started_in, 2)
            row["worker_mb"] = [resident_mb(pid) for pid in server.workers()]
            print(
                f"{name:28s}{row['requests_per_s']:10.0f}{row['p50_ms']:10.2f}{row['p99_ms']:10.2f}"
                f"{row['ready_s']:9.2f}  {row['worker_mb']}"
            )
    for name in [name for name in apps if name != "empty"]:
        print(f"{name} / empty: {figures[name]['ratio']:.3f}")
    return figures


def empty():
    """A Flask app that reads the same body and answers without looking at it."""
    app = Flask("empty")
    app.get("/readyz", endpoint="readyz")(lambda: "ready")
    app.post("/predict", endpoint="predict")(lambda: str(len(request.get_data())))
    return app


def batch(url, seconds):
    """One client's images a second, one in each request and BATCH in each."""
    bodies = {many: json.dumps({"images": [url] * many}).encode() for many in (1, BATCH)}
    with running() as server:
        loads = {many: partial(load, server, body, clients=1) for many, body in bodies.items()}
        figures = take_turns(loads, seconds, 1)
    ratio = BATCH * figures[BATCH]["ratio"]
    print(f"images/s, batch of {BATCH} / single: {ratio:.2f}")
    return {
        "single_images_per_s": figures[1]["requests_per_s"],
        "batch_images_per_s": BATCH * figures[BATCH]["requests_per_s"],
        "ratio_to_single": round(ratio, 2),
    }


def take_turns(loads, seconds, least):
    """Put loads on by turns, and compare each with the one named `least`, round by round."""
    rounds = [
        {name: put_on(seconds / ROUNDS) for name, put_on in loads.items()} for _ in range(ROUNDS)
    ]
    rates = [{name: rate for name, (rate, _) in each.items()} for each in rounds]
    figures = {}
    for name in loads:
        times = sorted(took for each in rounds for took in each[name][1])
        figures[name] = {
            "requests_per_s": round(statistics.median(rate[name] for rate in rates), 1),
            "p50_ms": round(1000 * statistics.median(times), 2),
            "p99_ms": round(1000 * times[int(0.99 * len(times))], 2),
            "ratio": round(statistics.median(rate[name] / rate[least] for rate in rates), 4),
        }
    return figures


def load(server, body, seconds, clients=CLIENTS):
    """Send `body` from some connections: the requests a second, and how long each took in s."""
    times = [[] for _ in range(clients)]
    threads = [
        threading.Thread(target=client, args=(connection, body, seconds, mine))
        for connection, mine in zip(connect(server, clients), times, strict=True)
    ]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = [took for mine in times for took in mine]
    return len(every) / (time.perf_counter() - begin), every


def connect(server, clients):
    """Connections that the workers share evenly, where chance might give one of them all."""
    while True:
        before = descriptors(server)
        opened = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(clients)]
        time.sleep(SETTLED)
        taken = [now - then for now, then in zip(descriptors(server), before, strict=True)]
        share = math.ceil(clients / len(taken)) / clients
        if sum(taken) >= clients and max(taken) <= share * sum(taken):
            return opened
        for connection in opened:
            connection.close()
        time.sleep(SETTLED)


def descriptors(server):
    """How many files and sockets each worker has open: as many more for each connection."""
    return [len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in server.workers()]


def client(connection, body, seconds, times):
    """One closed loop over one connection, as lean as can be: it shares the server's processors."""
    head = (
        "POST /predict HTTP/1.1\r\nHost: benchmark\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    message = head.encode() + body
    deadline = time.perf_counter() + seconds
    with connection:
        while (begin := time.perf_counter()) < deadline:
            connection.sendall(message)
            receive(connection)
            times.append(time.perf_counter() - begin)


def receive(connection):
    """Read one response; raises RuntimeError where it is not a 200."""
    data = connection.recv(65536)
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, rest = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"The server answered {data!r}")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(rest) < length:
        rest += connection.recv(65536)


def resident_mb(pid, figure="VmRSS"):
    """Resident memory of a process in MB, now or (VmHWM) at its largest. Linux only."""
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(status.partition(f"{figure}:")[2].split()[0]) / 1024)


if __name__ == "__main__":
    main()
