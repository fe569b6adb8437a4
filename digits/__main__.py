"""python -m digits: read pictures from files and folders, one row of a table for each number."""

import argparse
import csv
import io
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tqdm import tqdm

import model
from digits.image import PictureError
from digits.read import MODES, Row, read
from settings import Settings

COLUMNS = ("file", "row", "number", "confidence", "verdict", "error")
ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")


def main():
    options = arguments()
    settings = Settings.from_environment()
    try:
        model.load(settings.model)  # or say what is wrong with it once, not in every process
    except model.ModelError as error:
        raise SystemExit(str(error)) from error
    files = list(dict.fromkeys(find_files(options.paths)))
    done = take_up(options.csv) if options.csv else set()
    waiting = [file for file in files if str(file) not in done]
    if len(waiting) < len(files):
        told(f"{len(files) - len(waiting)} of {len(files)} are in {options.csv} already.")
    failed = 0
    with open(options.csv, "a", newline="") if options.csv else sys.stdout as table:
        if not done:
            table.write(as_csv([COLUMNS]))
        for rows in read_all(waiting, options, settings):
            table.write(as_csv(rows))  # all rows of a file at once: see take_up
            table.flush()
            failed += bool(rows[0][-1])
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


def find_files(paths):
    """Files as they are named, and the pictures in folders and in theirs, in order."""
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*"))
            yield from (file for file in inside if file.suffix.lower() in ENDINGS)
        else:
            yield path


def take_up(path):
    """The files that a table holds already. The last may be cut short: its rows are taken out."""
    if not path.exists():
        return set()
    with open(path, newline="") as table:
        lines = [line for line in csv.reader(table) if line]
    if not lines:
        return set()
    if lines[0] != list(COLUMNS):
        raise SystemExit(f"{path} is another table: choose another name, or delete it.")
    kept = [line for line in lines[1:] if line[0] != lines[-1][0]]
    beside = path.with_name(path.name + ".new")
    beside.write_text(as_csv([COLUMNS, *kept]) if kept else "", newline="")
    beside.replace(path)
    return {line[0] for line in kept}


def as_csv(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def read_all(files, options, settings):
    """The rows of each file as soon as they are read, by all processes side by side."""
    with ProcessPoolExecutor(options.processes, initializer=start, initargs=(settings,)) as pool:
        reading = [pool.submit(rows_of, file, options.mode) for file in files]
        try:
            for future in tqdm(as_completed(reading), total=len(files), unit=" pictures"):
                yield future.result()
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise SystemExit("Stopped. The same command goes on where this one ended.") from None


def start(settings):
    """Make a process ready to read."""
    global classifier, max_pixels
    classifier, max_pixels = model.load(settings.model), settings.max_pixels


def rows_of(file, mode):
    """The rows of the table for one file: one for each number in it, or its error."""
    try:
        reading = read(file.read_bytes(), classifier, max_pixels, mode)
    except (OSError, PictureError) as error:
        return [(file, "", "", "", "", getattr(error, "strerror", None) or str(error))]
    return [
        (file, place, row.text, round(row.confidence, 4), row.verdict, "")
        for place, row in enumerate(reading.rows or [Row()], start=1)
    ]


if __name__ == "__main__":
    sys.exit(main())
