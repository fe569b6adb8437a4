"""Read pictures from files and folders, one row of a table for each number."""

import argparse
import csv
import io
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

import model
from digits.read import MODES, Row, read
from settings import Settings

COLUMNS = ("file", "row", "number", "confidence", "verdict", "error")
TEXT = {"encoding": "utf-8", "errors": "surrogateescape"}  # names of files are bytes
ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")


def main():
    options = arguments()
    try:
        settings = Settings.from_environment()
        model.load(settings.model)  # or say what is wrong with it once, not in every process
        done, failed = take_up(options.csv) if options.csv else (set(), 0)
        files = list(dict.fromkeys(find_files(options.paths)))
        waiting = [file for file in files if str(file) not in done]
        if len(waiting) < len(files):
            told(f"{len(files) - len(waiting)} of {len(files)} are in {options.csv} already.")
        with open_table(options.csv) as table:
            if not done:
                table.write(as_csv([COLUMNS]))
            for rows in read_all(waiting, options, settings):
                table.write(as_csv(rows))  # all rows of a file at once: see take_up
                table.flush()
                failed += bool(rows[0][-1])
    except (model.ModelError, ValueError, OSError) as error:
        raise SystemExit(str(error)) from error
    if failed:
        told(f"{failed} could not be read: the column error says why.")
    return 1 if failed else 0


def arguments():
    parser = argparse.ArgumentParser(prog="python -m digits", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE_OR_FOLDER")
    parser.add_argument("--csv", type=Path, help="write the table here, or go on with it")
    parser.add_argument("--mode", choices=MODES, default="auto")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="default: all")
    return parser.parse_args()


def told(words):
    print(words, file=sys.stderr)


def take_up(path):
    """The files that a table holds already, and how many of them could not be read.

    The table may have been cut off at any byte: its last two files are taken out, to be read again.
    """
    if not path.exists():
        return set(), 0
    with open(path, newline="", **TEXT) as table:
        lines = [line for line in csv.reader(table) if line]
    if lines and lines[0] != list(COLUMNS[: len(lines[0])]):
        raise SystemExit(f"{path} is another table: choose another name, or delete it.")
    last = list(dict.fromkeys(line[0] for line in lines[1:]))[-2:]
    kept = [line for line in lines[1:] if line[0] not in last]
    beside = path.with_name(path.name + ".new")
    with open(beside, "w", newline="", **TEXT) as table:
        table.write(as_csv([COLUMNS, *kept]) if kept else "")
    beside.replace(path)
    return {line[0] for line in kept}, sum(bool(line[-1]) for line in kept)


def find_files(paths):
    """Files as they are named, and the pictures in folders and in theirs, in order."""
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*"))
            yield from (file for file in inside if file.suffix.lower() in ENDINGS)
        else:
            yield path


def open_table(path):
    return open(path, "a", newline="", **TEXT) if path else nullcontext(sys.stdout)


def as_csv(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def read_all(files, options, settings):
    """The rows of each file as soon as they are read, by all processes side by side."""
    pool = ProcessPoolExecutor(
        options.processes,
        mp_context=get_context("spawn"),  # Keras does not survive a fork
        initializer=start,
        initargs=(settings,),
    )
    try:
        reading = [pool.submit(rows_of, file, options.mode) for file in files]
        # Where the table is printed, a bar would be in its way.
        bar = tqdm(total=len(files), unit=" pictures", disable=options.csv is None)
        with bar:
            for future in as_completed(reading):
                bar.update()
                yield future.result()
    except KeyboardInterrupt:
        raise SystemExit("Stopped. The same command goes on where this one ended.") from None
    finally:
        pool.shutdown(cancel_futures=True)


def start(settings):
    """Make a process ready to read."""
    global classifier, max_pixels
    classifier, max_pixels = model.load(settings.model), settings.max_pixels


def rows_of(file, mode):
    """The rows of the table for one file: one for each number in it, or its error."""
    try:
        reading = read(file.read_bytes(), classifier, max_pixels, mode)
    except Exception as error:  # one file must not stop the others
        return [(file, "", "", "", "", getattr(error, "strerror", None) or str(error))]
    return [
        (file, place, row.text, round(row.confidence, 4), row.verdict, "")
        for place, row in enumerate(reading.rows or [Row()], start=1)
    ]
