"""python tests/fuzz.py: send hostile bodies, made from a seed, to a server of its own.

Prints what came back, and the workers' memory before and after; exits with 1 at a 5xx, a lost
worker, or 30 MB more than at the beginning.
"""

import argparse
import base64
import http.client
import json
import random
import sys
import zlib
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from train.benchmark import DRAWING, resident_mb
from train.server import running

MOST_MORE = 30  # MB that a worker may take more at the end
MOST = 30_000_000  # bytes of a body: what is beyond 40 MB is not read, and its sender cut off
WARM = 200  # bodies after which the memory at the beginning is looked at
WAYS = {  # what is saved as what
    "png": ("PNG", "RGBA", {}),
    "palette": ("PNG", "P", {}),
    "jpeg": (
        "JPEG",
        "RGB",
        {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06"},
    ),
    "progressive": ("JPEG", "L", {"progressive": True}),
    "gif": ("GIF", "P", {}),
    "animation": ("GIF", "P", {"save_all": True}),
    "webp": ("WEBP", "RGBA", {}),
    "lossless": ("WEBP", "RGB", {"lossless": True}),
    "bmp": ("BMP", "RGB", {}),
    "tiff": ("TIFF", "RGB", {}),
    "deflated": ("TIFF", "L", {"compression": "tiff_deflate"}),
    "lzw": ("TIFF", "I;16", {"compression": "tiff_lzw"}),
    "fax": ("TIFF", "1", {"compression": "group4"}),
}


class Hostile(NamedTuple):
    body: bytes
    kind: str  # its Content-Type
    query: str


class Outcome(NamedTuple):
    statuses: Counter
    workers_lost: int
    megabytes_more: int  # in the worker that grew most

    @property
    def is_well(self):
        fine = all(200 <= status < 500 for status in self.statuses)
        return fine and not self.workers_lost and self.megabytes_more <= MOST_MORE


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    outcome = attack(options.count, options.seed)
    print(outcome)
    sys.exit(not outcome.is_well)


def attack(count, seed):
    """Send that many bodies to two workers, one after another. An Outcome."""
    chance, pictures = random.Random(seed), seeds()  # noqa: S311
    with running(WEB_CONCURRENCY="2") as server:
        workers = server.workers()
        statuses = Counter(send(server, hostile(chance, pictures)) for _ in range(WARM))
        before = [resident_mb(pid) for pid in workers]
        for _ in range(count - WARM):
            body = hostile(chance, pictures)
            status = send(server, body)
            statuses[status] += 1
            if not 200 <= status < 500:
                keep(body, status)
        lost = len(set(workers) - set(server.workers()))
        after = [resident_mb(pid) for pid in workers] if not lost else before
    return Outcome(statuses, lost, max(a - b for a, b in zip(after, before, strict=True)))


def seeds():
    """The drawing in every format, and a little of the rest of what is read."""
    drawing = Image.open(DRAWING).convert("RGBA").resize((96, 96))
    files = []
    for kind, mode, options in WAYS.values():
        picture, content = drawing.convert("L" if mode == "I;16" else mode), BytesIO()
        picture = picture.convert("I;16") if mode == "I;16" else picture
        more = {"append_images": [picture.rotate(9)]} if "save_all" in options else {}
        picture.save(content, kind, **options, **more)
        files.append(content.getvalue())
    return files


def hostile(chance, pictures):
    """One body: a picture that is broken in some way, wrapped in some way."""
    data = chance.choice(pictures)
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        data = chance.choice(BREAKS)(chance, data, pictures)
    query = chance.choice(("", "", "?mode=digit", "?mode=number", "?steps=ink,input", "?mode=\0"))
    return Hostile(*chance.choice(WRAPS)(chance, data), query)


def flip_bits(chance, data, _):
    data = bytearray(data)
    for _ in range(chance.choice((1, 4, 64))):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def flip_head(chance, data, _):
    return flip_bits(chance, data[:64], _) + data[64:]


def truncate(chance, data, _):
    return data[: chance.randrange(len(data) + 1)]


def enlarge(chance, data, _):
    """Numbers in the header as large as they get: sizes, offsets, counts."""
    place = chance.randrange(min(len(data), 200) + 1)
    size = chance.choice((1, 2, 4))
    return data[:place] + chance.choice((b"\xff", b"\x7f", b"\0")) * size + data[place + size :]


def resize_png(chance, data, _):
    """A PNG that claims another size, its checksum right."""
    if data[:4] != b"\x89PNG":
        return data
    sides = (0, 1, 9, 4999, 30_000, 2**31 - 1)
    head = b"IHDR" + b"".join(chance.choice(sides).to_bytes(4, "big") for _ in "wh") + data[24:29]
    return data[:12] + head + zlib.crc32(head).to_bytes(4, "big") + data[33:]


def break_pixels(chance, data, _):
    """A PNG whose header or pixels are broken, its checksums right."""
    if data[:4] != b"\x89PNG":
        return data
    broken, place = [data[:8]], 8
    while place + 12 <= len(data):
        end = place + 8 + int.from_bytes(data[place : place + 4], "big")
        body = flip_bits(chance, data[place + 8 : end], _)
        chunk = data[place + 4 : place + 8] + body
        broken += [len(body).to_bytes(4, "big"), chunk, zlib.crc32(chunk).to_bytes(4, "big")]
        place = end + 4
    return b"".join(broken)


def repeat(chance, data, _):
    begin, end = sorted(chance.randrange(len(data) + 1) for _ in "be")
    return data[:end] + data[begin:end] * chance.choice((1, 5, 50)) + data[end:]


def splice(chance, data, pictures):
    other = chance.choice(pictures)
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other)) :]


def rubbish(chance, *_):
    return chance.randbytes(chance.choice((0, 1, 10, 1000, 100_000)))


BREAKS = (
    *(flip_bits, flip_bits, flip_head, truncate, enlarge),
    *(resize_png, break_pixels, repeat, splice, rubbish),
)


def as_bytes(chance, data):
    return data, chance.choice(("image/png", "application/octet-stream", "", "text/html"))


def as_json(chance, data):
    image = chance.choice((encoded, encoded, nested, cut, data_url, wrong))(chance, data)
    fields = chance.choice(({"image": image}, {"images": [image, 7, image]}, {"images": image}))
    return json.dumps(chance.choice((fields, fields, image, [fields]))).encode(), "application/json"


def encoded(_, data):
    return base64.b64encode(data).decode()


def nested(chance, data):
    for _ in range(chance.randrange(2, 6)):
        data = base64.b64encode(data)
    return data.decode()


def cut(chance, data):
    return encoded(chance, data)[: chance.randrange(100)]


def data_url(chance, data):
    kinds = ("image/png;base64,", "image/png,", ";base64,", "text/html;base64,", "," * 999)
    return f"data:{chance.choice(kinds)}{encoded(chance, data)}"


def wrong(chance, _):
    return chance.choice((None, True, 7, -1e308, [], {}, "", "\0", "\ud800", "é" * 999, 10**4000))


def as_odd_json(chance, _):
    depth = chance.choice((10, 1000, 100_000))
    texts = (
        '{"image":' * depth,
        "[" * depth,
        '{"a":[' * depth,
        "1" * depth,
        '{"image":"\\u',
        "nan",
    )
    return chance.choice(texts).encode(), "application/json"


def as_form(chance, data):
    name = chance.choice((b"image", b"image", b"picture", b"", b"\xff", b"i" * 9999))
    file = chance.choice((b'; filename="a.png"', b"", b'; filename="../../etc/passwd"'))
    part = b'--x\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n' % (name, file, data)
    end = chance.choice((b"--x--\r\n", b"", b"--x"))
    count = chance.choice((1, 1, 2, 100))
    return (part * count)[
        :MOST
    ] + end, f"multipart/form-data{chance.choice(('; boundary=x', '', '; b'))}"


WRAPS = (as_bytes, as_bytes, as_bytes, as_json, as_json, as_odd_json, as_form)


def send(server, hostile):
    """The status of the answer; 599 where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        path = f"/predict{hostile.query}".replace("\0", "%00")
        connection.request("POST", path, hostile.body, {"Content-Type": hostile.kind})
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException):
        return 599
    finally:
        connection.close()


def keep(body, status):
    """For the one who mends it."""
    path = Path("tests/output") / f"fuzz-{status}-{zlib.crc32(body.body):08x}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(body.body)
    print(f"{status}: {path} as {body.kind!r} to /predict{body.query!r}", file=sys.stderr)


if __name__ == "__main__":
    main()
