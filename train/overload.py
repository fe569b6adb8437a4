"""python -m train.overload: what serving does with ten times the load it can take, and in restarts.

Every ratio is within one run; the last line is JSON. Clients and server share the processors.
"""

import argparse
import asyncio
import base64
import json
import os
import signal
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image

from settings import Settings
from train.benchmark import DRAWING, NUMBER
from train.server import running

FEW = 16  # closed loops that keep two workers busy, and of which none is refused
TIMES = 10  # what it can take, in overload
DRAWINGS = Settings().max_images  # in a list: cheaper requests take as long to refuse as to read
SPREAD = 0.5  # seconds in which clients begin, or one worker would accept all their connections
HEAD = "POST /predict HTTP/1.1\r\nHost: load\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n"


class Sent(NamedTuple):
    """One request and what became of it."""

    status: int  # 0 where no answer came
    begin: float
    took: float  # seconds


def main():
    parser = argparse.ArgumentParser(prog="python -m train.overload", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="of overload")
    seconds = parser.parse_args().seconds
    many = TIMES * Settings().web_concurrency * Settings().max_queue
    short = min(10, seconds)
    rows = {}

    def measure(name, *load, **options):
        rows[name] = summary(send(server.port, *load, **options))
        show(name, rows[name])

    print(f"{'':26s}  answered/s   p50 ms   refused/s   p50 ms  failed")
    with running() as server:
        for what, request in (("lists", LIST), ("pages", message(page(), "image/jpeg"))):
            measure(f"best, {what}", request, FEW, short)
            rate = TIMES * rows[f"best, {what}"]["answered_per_s"]
            measure(f"ten times, {what}", request, many, seconds, pace=many / rate)
            time.sleep(2)
            measure(f"2 s later, {what}", request, FEW, short)
        measure("best, drawings", ONE, FEW, short)
        measure(f"{many} clients at once", ONE, many, short)
        measure(
            *("SIGKILL of a worker", ONE, FEW, 6),
            act=lambda: os.kill(server.workers()[0], signal.SIGKILL),
        )
        measure("SIGHUP", ONE, FEW, 6, act=lambda: server.process.send_signal(signal.SIGHUP))
        measure("SIGTERM", ONE, FEW, 6, act=server.process.terminate)
    for what in ("lists", "pages"):
        best = rows[f"best, {what}"]["answered_per_s"]
        for name in ("ten times", "2 s later"):
            print(f"{name} / best, {what}: {rows[f'{name}, {what}']['answered_per_s'] / best:.2f}")
    print(json.dumps(rows))


def message(content, kind):
    return HEAD.format(kind, len(content)).encode() + content


ONE = message(DRAWING.read_bytes(), "image/png")
LIST = message(
    json.dumps({"images": DRAWINGS * [base64.b64encode(DRAWING.read_bytes()).decode()]}).encode(),
    "application/json",
)


def page():
    """A JPEG of 12 megapixels: twenty numbers on paper that is lit from one side."""
    number = np.asarray(Image.open(NUMBER).convert("L").resize((300, 100)))
    numbers = np.tile(np.pad(number, ((350, 350), (225, 225)), constant_values=255), (5, 4))
    light = np.linspace(0.6, 0.9, numbers.shape[1])
    jpeg = BytesIO()
    Image.fromarray((numbers * light).astype(np.uint8)).save(jpeg, "JPEG")
    return jpeg.getvalue()


def send(port, message, clients, seconds, pace=0, act=None):
    """Send a request over and over from many connections. A list of Sent.

    pace: seconds from one request of a connection to its next, if that has been answered by then.
    act: what to do after 2 seconds.
    """
    work = send_all(port, message, clients, seconds, pace, act)
    with ThreadPoolExecutor(1) as thread:  # the caller's own may have an event loop already
        return thread.submit(asyncio.run, work).result()


async def send_all(port, message, clients, seconds, pace, act):
    sent, begin = [], time.perf_counter()
    spread = max(pace, SPREAD) / clients
    loops = [
        client(port, message, begin + spread * place, begin + seconds, pace, sent)
        for place in range(clients)
    ]
    if act:
        loops.append(later(2, act))
    await asyncio.gather(*loops)
    return sent


async def later(seconds, act):
    await asyncio.sleep(seconds)
    act()


async def client(port, message, due, deadline, pace, sent):
    """One connection after another, as long as the server takes them."""
    writer = None
    while due < deadline:
        await asyncio.sleep(due - time.perf_counter())
        try:
            if not writer:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionError:
            return  # the server is gone
        begin = time.perf_counter()
        try:
            writer.write(message)
            status, headers = await answer(reader)
        except (OSError, EOFError):
            status, headers = 0, {"connection": "close"}
        end = time.perf_counter()
        sent.append(Sent(status, begin, end - begin))
        due = max(due + pace, end)
        if headers.get("connection") == "close":
            writer.close()
            writer = None
    if writer:
        writer.close()


async def answer(reader):
    """(status, headers by their names in small letters)"""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    first, *lines = head.splitlines()
    headers = dict(line.split(": ", 1) for line in lines if line)
    await reader.readexactly(int(headers["content-length"]))
    return int(first.split()[1]), headers


def summary(sent):
    took = max(one.begin + one.took for one in sent) - min(one.begin for one in sent)
    times = {
        kind: [1000 * one.took for one in sent if one.status in statuses]
        for kind, statuses in (("answered", [200]), ("refused", [503, 429]))
    }
    return {
        "answered_per_s": round(len(times["answered"]) / took, 1),
        "answered_p50_ms": median(times["answered"]),
        "refused_per_s": round(len(times["refused"]) / took, 1),
        "refused_p50_ms": median(times["refused"]),
        "failed": len(sent) - len(times["answered"]) - len(times["refused"]),
    }


def median(times):
    return round(statistics.median(times), 1) if times else None


def show(name, row):
    values = ("-" if value is None else value for value in row.values())
    print(f"{name:26s}" + "{:>12} {:>8} {:>11} {:>8} {:>7}".format(*values), flush=True)


if __name__ == "__main__":
    main()
