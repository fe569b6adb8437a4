"""python -m digits: a table of what pictures say."""

import csv
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import encode
from flask import request
from strokes import draw, write
from test_gunicorn import wait_until
from test_remote import answering

from app import create_app
from digits.table import answer_to, find_files
from settings import Settings
from train.server import running


def run(*arguments, **options):
    command = [sys.executable, "-m", "digits", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.fixture
def folder(tmp_path):
    """Two pictures, one of them in a folder of its own, and two files that are none."""
    pictures = tmp_path / "pictures"
    (pictures / "inner").mkdir(parents=True)
    (pictures / "three.png").write_bytes(encode(draw(3)))
    (pictures / "inner" / "number.JPG").write_bytes(encode(write("94301"), format="JPEG"))
    (pictures / "broken.png").write_bytes(b"no picture")
    (pictures / "notes.txt").write_text("left alone")
    return pictures


def table(path):
    with open(path, newline="") as file:
        return {row["file"].rpartition("/")[2]: row for row in csv.DictReader(file)}


def test_a_folder_becomes_a_table(folder, tmp_path):
    out = tmp_path / "out.csv"
    result = run(folder, "--csv", out)
    assert result.returncode == 1  # one file could not be read
    assert "1 could not be read" in result.stderr
    assert "3/3" in result.stderr  # the progress bar's end
    rows = table(out)
    assert rows.keys() == {"three.png", "number.JPG", "broken.png"}
    assert (rows["three.png"]["number"], rows["three.png"]["verdict"]) == ("3", "digit")
    assert rows["number.JPG"]["number"] == "94301"
    assert 0.7 < float(rows["number.JPG"]["confidence"]) <= 1
    assert "not a PNG" in rows["broken.png"]["error"]


def test_each_row_of_a_page_is_a_row(tmp_path):
    page = tmp_path / "page.png"
    page.write_bytes(encode(np.vstack([write("302"), write("741")])))
    result = run(page)
    assert result.returncode == 0
    lines = list(csv.DictReader(result.stdout.splitlines()))
    assert [(line["row"], line["number"]) for line in lines] == [("1", "302"), ("2", "741")]


def test_a_table_that_was_cut_short_is_gone_on_with(folder, tmp_path):
    """At any byte: within a file's rows too."""
    page = encode(np.vstack([write("302"), write("741"), write("250")]))
    (folder / "page.png").write_bytes(page)
    out = tmp_path / "out.csv"
    run(folder, "--csv", out)
    whole = out.read_bytes()
    expected = sorted(whole.splitlines())
    assert len(expected) == 7
    for cut in (7, len(whole) // 3, whole.index(b"page.png,2") + 4, len(whole) - 9):
        out.write_bytes(whole[:cut])
        assert run(folder, "--csv", out).returncode == 1
        assert sorted(out.read_bytes().splitlines()) == expected
    assert "already" in run(folder, "--csv", out).stderr


HEAD = "file,row,number,confidence,verdict,error"


@pytest.mark.parametrize("text", ["name,price\nbread,3\n", f"{HEAD},note\na.png,1,7,,,,mine\n"])
def test_a_table_of_something_else_is_left_alone(folder, tmp_path, text):
    out = tmp_path / "out.csv"
    out.write_text(text)
    result = run(folder, "--csv", out)
    assert result.returncode != 0
    assert "another table" in result.stderr
    assert out.read_text() == text


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_that_a_spreadsheet_has_saved_is_gone_on_with(folder, tmp_path, mark):
    out = tmp_path / "out.csv"
    quoted = HEAD.replace(",", '","')
    out.write_text(f'{mark}"{quoted}"\r\n"a.png","1","7","0.9","digit",""\r\n')
    assert "another table" not in run(folder, "--csv", out).stderr
    assert table(out).keys() == {"a.png", "three.png", "number.JPG", "broken.png"}


def test_what_could_not_be_read_is_read_again(folder, tmp_path):
    out = tmp_path / "out.csv"
    assert run(folder, "--csv", out, env=os.environ | {"MAX_PIXELS": "1"}).returncode == 1
    (folder / "broken.png").write_bytes(encode(draw(7)))
    assert run(folder, "--csv", out).returncode == 0
    rows = table(out)
    assert {name: row["number"] for name, row in rows.items()} == {
        **{"three.png": "3", "number.JPG": "94301", "broken.png": "7"},
    }


def test_rows_of_other_files_stay(folder, tmp_path):
    out = tmp_path / "out.csv"
    run(folder, "--csv", out)
    before = set(out.read_text().splitlines())
    seven = tmp_path / "seven.png"
    seven.write_bytes(encode(draw(7)))
    assert run(seven, "--csv", out).returncode == 0
    (added,) = set(out.read_text().splitlines()) - before
    assert added.startswith(f"{seven},1,7,")
    assert before < set(out.read_text().splitlines())


def test_what_was_cut_short_is_not_taken_for_whole_by_another_run(folder, tmp_path):
    (folder / "page.png").write_bytes(encode(np.vstack([write("302"), write("741")])))
    out = tmp_path / "out.csv"
    run(folder / "page.png", "--csv", out)
    whole = out.read_bytes()
    out.write_bytes(whole[: whole.index(b"page.png,2") + 12])
    run(folder / "three.png", "--csv", out)
    run(folder / "page.png", "--csv", out)
    assert set(whole.splitlines()) < set(out.read_bytes().splitlines())


def test_a_table_keeps_its_place_and_its_permissions(folder, tmp_path):
    out, link = tmp_path / "out.csv", tmp_path / "link.csv"
    run(folder / "three.png", "--csv", out)
    out.chmod(0o600)
    link.symlink_to(out)
    run(folder, "--csv", link)
    assert link.is_symlink()
    assert out.stat().st_mode & 0o777 == 0o600
    assert table(out).keys() == {"three.png", "number.JPG", "broken.png"}


def test_a_table_that_is_being_written_is_left_to_who_writes_it(folder, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text(f"{HEAD}\na.png,1,7,,,\nb.png,1,7,,,\n-,,,,,again\n")
    before = out.stat().st_ino
    command = [sys.executable, "-m", "digits", "-", folder / "three.png", "--csv", out]
    with subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE) as first:
        wait_until(lambda: out.stat().st_ino != before, 60)
        second = run(folder, "--csv", out)
        first.communicate(encode(draw(7)))
    assert second.returncode == 2
    assert second.stderr.endswith(f"Another run is writing {out}.\n")
    assert table(out).keys() - {"a.png", "b.png"} == {"-", "three.png"}
    assert run(folder, "--csv", out).returncode == 1


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs Linux's limits")
def test_where_the_disk_is_full_a_table_stays_and_nothing_is_left_beside_it(folder, tmp_path):
    out = tmp_path / "out.csv"
    text = f"{HEAD}\n" + "".join(f"{place}.png,1,7,,,\n" for place in range(1000))
    out.write_text(text)
    full = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (4096, 4096))
    result = run(folder, "--csv", out, preexec_fn=full)
    assert result.returncode == 1
    assert out.read_text() == text
    assert [path.name for path in tmp_path.glob("*.csv*")] == ["out.csv"]


def test_of_a_folder_that_may_not_be_looked_into_is_told(folder, monkeypatch):
    """As of a file; whoever may look into all, as root, is denied it by other means."""
    inner = str(folder / "inner")
    scandir = os.scandir

    def deny(path):
        if os.fspath(path) == inner:
            raise PermissionError(13, "Permission denied", inner)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", deny)
    names = {file.name for file in find_files([folder])}
    assert names == {"broken.png", "three.png", "inner"}
    monkeypatch.setattr(Path, "is_fifo", lambda _: deny(inner))  # of files behind a link, say
    assert {file.name for file in find_files([folder])} == names


def test_what_may_never_end_is_not_read_in_a_folder(folder):
    os.mkfifo(folder / "pipe.png")
    assert "pipe.png" not in run(folder, timeout=60).stdout


def test_an_empty_file_is_refused_as_the_server_refuses_it(tmp_path, client):
    empty = tmp_path / "empty.png"
    empty.touch()
    line = json.loads(run(empty, "--json").stdout)
    asked = client.post("/predict", data=b"").json
    assert (line["status"], line["detail"]) == (asked["status"], asked["detail"])


def test_what_is_too_large_is_refused_before_it_is_read_whole(tmp_path):
    large = tmp_path / "large.png"
    large.touch()
    os.truncate(large, 10**12)
    result = run(large, "/dev/zero", "-", "--json", stdin=open("/dev/zero"))  # noqa: SIM115
    assert result.returncode == 1
    lines = list(map(json.loads, result.stdout.splitlines()))
    assert [line["status"] for line in lines] == 3 * [413]
    assert {line["detail"] for line in lines} == {"The file is larger than MAX_BYTES=10000000."}


def test_an_error_without_words_is_told_by_its_name():
    """Or its row would look like one without an error."""

    def fail(_):
        raise MemoryError

    assert answer_to(b"", Settings(), fail).detail == "MemoryError()"


def test_what_is_no_table_is_left_alone(folder, tmp_path):
    out = tmp_path / "out.csv"
    out.write_bytes(bytes(200_000))
    result = run(folder, "--csv", out)
    assert result.stderr.endswith(f"{out} is another table: choose another name, or delete it.\n")
    assert "Traceback" not in result.stderr
    assert out.read_bytes() == bytes(200_000)


def test_a_folder_that_is_called_like_a_picture_is_none(folder):
    (folder / "inner").rename(folder / "inner.png")
    lines = list(csv.DictReader(run(folder).stdout.splitlines()))
    assert {Path(line["file"]).name for line in lines} == {
        *("three.png", "broken.png", "number.JPG"),
    }


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("kept", [True, False])
def test_where_a_process_is_killed_it_is_said_how_to_go_on(folder, tmp_path, kept):
    for place in range(500):
        shutil.copy(folder / "three.png", folder / f"{place}.png")
    command = [sys.executable, "-m", "digits", folder, "--processes", "1"]
    command += ["--csv", tmp_path / "out.csv"] if kept else []
    out = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(list(map(str, command)), **out) as process:
        wait_until(lambda: reader_of(process.pid), 60)
        os.kill(reader_of(process.pid), signal.SIGKILL)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in told
    how = "continues where this one stopped" if kept else "starts over"
    assert told.endswith(f"A process was killed. The same command {how}.\n")


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs Linux's /proc")
def test_where_the_command_is_killed_its_processes_end(folder):
    for place in range(500):
        shutil.copy(folder / "three.png", folder / f"{place}.png")
    command = [sys.executable, "-m", "digits", folder, "--processes", "1"]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL) as process:
        wait_until(lambda: reader_of(process.pid), 60)
        reader = Path(f"/proc/{reader_of(process.pid)}")
        process.kill()
    wait_until(lambda: not reader.exists(), 30)


def test_ctrl_c_is_answered_in_one_line(folder, tmp_path):
    """A terminal sends it to all processes of the command."""
    for place in range(500):
        shutil.copy(folder / "three.png", folder / f"{place}.png")
    out = tmp_path / "out.csv"
    command = [sys.executable, "-m", "digits", folder, "--csv", out]
    group = {"start_new_session": True, "preexec_fn": heed, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(list(map(str, command)), **group) as process:
        wait_until(lambda: out.exists() and out.read_text().count("\n") > 1, 60)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in told
    assert told.endswith("Stopped. The same command continues where this one stopped.\n")


def test_who_reads_no_more_of_the_table_ends_the_command_quietly(folder):
    for place in range(30):
        shutil.copy(folder / "three.png", folder / f"{place}.png")
    command = [sys.executable, "-m", "digits", folder]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(list(map(str, command)), **pipes) as process:
        process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode == 141
    assert "rror" not in told
    assert "pipe" not in told


@pytest.mark.parametrize(("closed", "name"), [(0, "stdin"), (1, "stdout")])
def test_where_there_is_nothing_to_read_or_print_to_it_is_told(closed, name):
    result = run("-", preexec_fn=partial(os.close, closed), input="")
    assert result.returncode == 1
    assert f"There is no {name} to" in result.stderr
    assert "Traceback" not in result.stderr


def reader_of(pid):
    """The process that reads for another one, or 0."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    commands = {int(child): Path(f"/proc/{child}/cmdline").read_text() for child in children}
    return next((child for child, command in commands.items() if "spawn_main" in command), 0)


def test_a_picture_of_nothing_has_a_row(tmp_path):
    blank = tmp_path / "blank.png"
    blank.write_bytes(encode(draw(1, ink=255)))
    (line,) = csv.DictReader(run(blank).stdout.splitlines())
    assert (line["number"], line["verdict"], line["error"]) == ("", "blank", "")


def test_a_picture_comes_from_stdin():
    command = [sys.executable, "-m", "digits", "-"]
    result = subprocess.run(command, input=encode(draw(3)), capture_output=True, check=False)
    assert result.returncode == 0
    (line,) = csv.DictReader(result.stdout.decode().splitlines())
    assert (line["file"], line["number"]) == ("-", "3")


def test_json_is_the_answer_of_predict_with_the_file_s_name(folder, client):
    result = run(folder, "--json")
    assert result.returncode == 1
    told = {line.pop("file"): line for line in map(json.loads, result.stdout.splitlines())}
    assert told.keys() == {str(folder / name) for name in ("three.png", "inner/number.JPG")} | {
        str(folder / "broken.png")
    }
    for name, answer in told.items():
        asked = client.post("/predict", data=Path(name).read_bytes()).json
        asked.pop("request_id", None)  # a problem's, of which there is no request here
        assert answer == asked


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_server_reads_them_all_the_same(folder, server, options):
    here, there = (
        run(folder, *options),
        run(folder, *options, "--url", server.url.replace("http", "HTTP") + "/"),
    )
    assert there.returncode == here.returncode == 1
    told = re.sub(r', "request_id": "\w+"', "", there.stdout)
    assert sorted(told.splitlines()) == sorted(here.stdout.splitlines())
    assert len(there.stdout.splitlines()) >= 3


def heed():
    """Ctrl-C, which is ignored where the tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_where_a_server_has_one_wait_ctrl_c_ends_that(folder):
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n"
    with answering(busy) as url:
        command = [sys.executable, "-m", "digits", folder / "three.png", "--url", url]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(list(map(str, command)), **pipes, preexec_fn=heed) as process:
            told = process.stderr.readline()
            process.send_signal(signal.SIGINT)
            _, rest = process.communicate(timeout=20)
    assert told == f"Waiting for {url}: Busy\n"
    assert rest == "Stopped. The same command starts over.\n"
    assert process.returncode == 1


def test_a_busy_server_is_asked_again_when_it_says(tmp_path):
    (tmp_path / "three.png").write_bytes(encode(draw(3)))
    with running("test_table:busy()", PYTHONPATH="tests", WEB_CONCURRENCY="1") as server:
        result = run(tmp_path, "--url", server.url)
    assert (result.returncode, result.stderr) == (0, "")
    assert ",3," in result.stdout


def busy():
    """This app, but every first request is one too many."""
    app = create_app(Settings())
    came = []

    @app.before_request
    def refuse():
        came.append(request.path)
        if came.count("/predict") == 1 and request.path == "/predict":
            return "busy", 429, {"Retry-After": "1"}
        return None

    return app


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["missing.png"], 1, "No such file"),
        (["--processes", "0", "x.png"], 2, "not a whole number from 1 up"),
        (["--processes", "two", "x.png"], 2, "not a whole number from 1 up"),
        (["--csv", "/dev/null", "x.png"], 1, "is not a file"),
        (["--csv", "no/such/folder/out.csv", "x.png"], 1, "No such file"),
        ([], 2, "required"),
        (["--mode", "sideways", "x.png"], 2, "invalid choice"),
        (["--json", "--csv", "out.csv", "x.png"], 2, "not allowed with"),
        (["--url", "localhost:5000", "x.png"], 2, "http://"),
        (["--url", "file:///etc", "x.png"], 2, "http://"),
        (["--url", "http://[::1", "x.png"], 2, "invalid server"),
        (["--url", "http://user@localhost", "x.png"], 2, "is not an address"),
    ],
)
def test_mistakes_are_told(arguments, status, says):
    result = run(*arguments)
    assert result.returncode == status
    assert says in result.stderr + result.stdout
    assert "Traceback" not in result.stderr


def test_the_network_is_found_from_any_folder(folder):
    here = os.environ | {"PYTHONPATH": str(Path.cwd())}
    result = run("three.png", cwd=folder, env=here)
    assert "three.png,1,3," in result.stdout


def test_a_network_that_is_not_there_is_told_once(folder):
    result = run(folder, env={**os.environ, "MODEL": "nowhere.tflite"})
    assert result.returncode == 1
    assert result.stderr.startswith("There is no network at nowhere.tflite")


@pytest.mark.parametrize(("encoding", "times"), [("utf-8", "×"), ("ascii", "\\xd7")])
def test_a_sign_is_printed_whatever_the_terminal_can_print(tmp_path, encoding, times):
    gap = np.full((100, 40), 255, np.uint8)
    for left, right in ((10, 30), (30, 10)):
        cv2.line(gap, (left, 40), (right, 60), 0, 6)
    (tmp_path / "12x3.png").write_bytes(encode(np.hstack([write("12")[:, :-40], gap, write("3")])))
    result = run(tmp_path, env=os.environ | {"PYTHONIOENCODING": encoding}, encoding="utf-8")
    assert f"12{times}3" in result.stdout
    assert result.returncode == 0
