"""Read pictures from files and folders: one row of a table for each number, or JSON for each file.

The exit status is 0 if all were read, 1 if one could not be or nothing could begin, and 2 if the
command was not understood or another one is writing the table.
"""

import argparse
import csv
import io
import json
import os
import shutil
import signal
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, nullcontext
from functools import partial
from math import prod
from multiprocessing import get_context, parent_process
from multiprocessing.pool import ThreadPool
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from msgspec import to_builtins
from tqdm import tqdm

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

import model
from digits.answer import describe, problem_details
from digits.contract import ProblemDetails
from digits.read import MODES, read_many, verdict_of
from digits.remote import Server
from settings import Settings

COLUMNS = ("file", "row", "number", "confidence", "verdict", "error")
TEXT = {"encoding": "utf-8", "errors": "surrogateescape"}  # names of files are bytes
STDIN = Path("-")
BROKEN_PIPE = 141  # the exit status of what SIGPIPE ends: 128 + 13
MOST_PROCESSES = 61  # Windows can wait for no more
ENDINGS = (
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".dib"),
    *(".tif", ".tiff"),
)


def main():
    options = arguments()
    try:
        settings = Settings.from_environment()
        if not options.url:
            model.load(settings.model)  # or say what is wrong with it once, not in every process
        files = list(dict.fromkeys(find_files(options.paths)))
        done = take_up(options.csv, set(map(str, files))) if options.csv else set()
        waiting = [file for file in files if str(file) not in done or file == STDIN]
        failed = 0
        if len(waiting) < len(files):
            told(f"{len(files) - len(waiting)} of {len(files)} are in {options.csv} already.")
        with (
            open_table(options.csv) as table,
            closing(read_all(waiting, options, settings)) as answers,
        ):
            if not (done or options.json):
                table.write(as_csv([COLUMNS]))
            for file, answer in answers:
                # All rows of a file at once: see take_up.
                table.write(as_line(file, answer) if options.json else as_csv(rows(file, answer)))
                table.flush()
                failed += isinstance(answer, ProblemDetails)
    except BrokenPipeError:  # who read what was printed, such as head, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except (model.ModelError, ValueError, OSError) as error:
        raise SystemExit(str(error)) from error
    except (KeyboardInterrupt, BrokenProcessPool) as error:
        why = "Stopped" if isinstance(error, KeyboardInterrupt) else "A process was killed"
        how = "continues where this one stopped" if options.csv else "starts over"
        raise SystemExit(f"{why}. The same command {how}.") from None
    if failed:
        told(f"{failed} could not be read: the {'detail' if options.json else 'error'} says why.")
    return 1 if failed else 0


def arguments():
    parser = argparse.ArgumentParser(prog="python -m digits", description=__doc__)
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="FILE_OR_FOLDER", help="- is a picture on stdin"
    )
    out = parser.add_mutually_exclusive_group()
    out.add_argument("--csv", type=Path, help="write the table to this file, or continue it")
    out.add_argument("--json", action="store_true", help="print an answer of /predict on each line")
    parser.add_argument("--mode", choices=MODES, default="auto")
    parser.add_argument("--url", type=server, help="have the server at this address read them")
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    parser.add_argument(
        "--processes", type=count, default=processes, help="default: all processors"
    )
    return parser.parse_args()


def server(url):
    """An argument's value, where it is the address of a server."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise argparse.ArgumentTypeError(f"{url} does not begin with http:// or https://")
    is_more = parts.username or parts.query or parts.fragment or any(map(str.isspace, url))
    if is_more or not parts.hostname or parts.port == 0:
        raise argparse.ArgumentTypeError(f"{url} is not an address such as http://localhost:5000")
    parts.hostname.encode("idna")  # whose ValueError argparse tells, as that of a wrong port
    return url.rstrip("/")


def count(text):
    """An argument's value, where it is a number of processes."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 up")
    return int(text)


def told(words):
    tqdm.write(words, file=sys.stderr)  # beside its bar


def take_up(path, asked):
    """The files, of those asked for, that a table holds already.

    What could not be read is read again. The table may have been cut off at any byte, so that its
    last two files are, too; where it ends within a line, whether they are asked for or not. The
    rows of these are taken out.
    """
    if path.exists() and not path.is_file():
        raise SystemExit(f"{path} is not a file. Without --csv the table is printed.")
    hold(path)
    if not path.exists():
        return set()
    with open(path, newline="", **TEXT) as table:
        text = table.read().removeprefix("\ufeff")  # a spreadsheet's
    if not is_ours(*text.partition("\n")[:2]):
        raise SystemExit(f"{path} is another table: choose another name, or delete it.")
    lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line][1:]
    last = {*list(dict.fromkeys(line[0] for line in lines))[-2:]}
    again = (last | {line[0] for line in lines if line[-1]}) & asked
    if not text.endswith("\n"):
        again |= last
    kept = [line for line in lines if line[0] not in again]
    path = path.resolve()  # or a link to the table would be replaced, and not the table
    beside = path.with_name(path.name + ".new")
    try:
        with open(beside, "w", newline="", **TEXT) as table:
            shutil.copymode(path, beside)
            table.write(as_csv([COLUMNS, *kept]) if kept else "")
        hold(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)  # on a disk that is full
    return {line[0] for line in kept}


def hold(path):
    """Keep other commands from writing to a table until this one ends: it is never closed.

    Exits where another one holds it, or has replaced it just now.
    """
    if not fcntl:
        return
    table = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(table, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_held = os.path.samestat(os.fstat(table), os.stat(path))
    except BlockingIOError:
        is_held = False
    if not is_held:
        told(f"Another run is writing {path}.")
        raise SystemExit(2)


def is_ours(head, end):
    """Whether that is the first line of such a table, cut off, maybe, if no line's end follows."""
    if not end:
        return ",".join(COLUMNS).startswith(head)
    return next(csv.reader([head[:1000]]), []) == list(COLUMNS)  # more is no field to csv


def find_files(paths):
    """Files as they are named, and the pictures in folders and in theirs, in order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(pictures_in(path))
        else:
            yield path


def pictures_in(folder):
    """And folders that may not be looked into, which cannot be read as a file either."""
    denied = []
    for inside, _, names in os.walk(folder, onerror=denied.append):
        files = (Path(inside, name) for name in names if name.lower().endswith(ENDINGS))
        yield from (file for file in files if not is_pipe(file))  # which may never end
    yield from (Path(error.filename) for error in denied)


def is_pipe(file):
    try:
        return file.is_fifo()
    except OSError:
        return False  # to read it tells why


def open_table(path):
    if path:
        return open(path, "a", newline="", **TEXT)
    if not sys.stdout:
        raise OSError("There is no stdout to print the table to: use --csv.")
    if sys.stdout.errors == "strict":  # a ×, or a letter of a name, may not be in its encoding
        sys.stdout.reconfigure(errors="backslashreplace")
    return nullcontext(sys.stdout)


def as_csv(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def read_all(files, options, settings):
    """Each file and its Answer or ProblemDetails as soon as it is read, several side by side."""
    sources = [(file, stdin(settings) if file == STDIN else file) for file in files]
    answers = read_there if options.url else read_here
    # Where the table is printed, a bar would be in its way.
    bar = {"total": len(files), "unit": " pictures", "disable": options.csv is None}
    yield from tqdm(answers(sources, options, settings), **bar)


def stdin(settings):
    if not sys.stdin:
        raise OSError("There is no stdin to read a picture from.")
    return sys.stdin.buffer.read(settings.max_bytes + 1)


def read_there(sources, options, settings):
    """By a server, which threads wait for."""
    ask = partial(Server(options.url, told).ask, mode=options.mode)

    def read(source):
        file, source = source
        return file, answer_to(source, settings, ask)

    with ThreadPool(options.processes) as pool:  # whose threads keep no command from ending
        yield from pool.imap_unordered(read, sources)


def read_here(sources, options, settings):
    """In processes."""
    pool = ProcessPoolExecutor(
        options.processes,
        mp_context=get_context("spawn"),  # Keras does not survive a fork
        initializer=start,
        initargs=(settings,),
    )
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as processes that start now always will
    try:
        reading = {pool.submit(read, source, options.mode): file for file, source in sources}
        signal.signal(signal.SIGINT, before)
        for future in as_completed(reading):
            yield reading.pop(future), future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def start(given):
    """Make a process ready to read."""
    global classifier, settings
    Thread(target=end_with_parent, daemon=True).start()
    classifier, settings = model.load(given.model), given


def end_with_parent():
    """Where the command was killed, nobody else would end its processes."""
    parent_process().join()
    os._exit(1)


def read(source, mode):
    return answer_to(source, settings, partial(read_picture, mode))


def read_picture(mode, picture):
    (reading,) = read_many([picture], classifier, settings.max_pixels, mode)
    return describe(reading, classifier)


def answer_to(source, settings, ask):
    """What `ask` says of a file's bytes, or of bytes; or ProblemDetails.

    One file must not stop the others.
    """
    most = settings.max_bytes
    try:
        picture = source if isinstance(source, bytes) else beginning(source, most + 1)
        if len(picture) > most:
            return problem_details(413, f"The file is larger than MAX_BYTES={most}.")
        return ask(picture)
    except OSError as error:
        return problem_details(404, error.strerror or str(error))
    except Exception as error:
        return problem_details(500, str(error) or repr(error))  # of some there are no words


def beginning(path, size):
    """A file's first bytes: it may have no end."""
    with open(path, "rb") as file:
        return file.read(size)


def as_line(file, answer):
    return json.dumps({"file": str(file), **to_builtins(answer)}) + "\n"


def rows(file, answer):
    """The rows of the table for one file: one for each number in it, or its error."""
    if isinstance(answer, ProblemDetails):
        return [(file, "", "", "", "", answer.detail)]
    return [
        (file, row + 1, number, *sum_up([d for d in answer.digits if d.row == row], number), "")
        for row, number in enumerate(answer.number.split("\n"))
    ]


def sum_up(digits, number):
    """The confidence in a number, by its digits, and its verdict."""
    confidence = prod(digit.confidence for digit in digits)
    return round(confidence, 4), verdict_of([digit.verdict for digit in digits], len(number))
