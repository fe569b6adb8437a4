"""The app as it is deployed: gunicorn with gunicorn.conf.py, real workers, real requests."""

import base64
import io
import json
import os
import runpy
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import worker
from app import create_app
from train.benchmark import DRAWING, load, resident_mb
from train.server import running

PNG = DRAWING.read_bytes()
BODY = json.dumps({"image": base64.b64encode(PNG).decode()}).encode()


@pytest.fixture(scope="module")
def server():
    with running(WEB_CONCURRENCY="2") as server:
        yield server


def predict(url):
    with urllib.request.urlopen(f"{url}/predict", PNG, timeout=60) as response:
        return json.load(response)["number"]


def test_answers_side_by_side(server):
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(lambda _: predict(server.url), range(100))) == {"3"}


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs Linux's /proc")
def test_two_workers_stay_small_under_load_and_never_load_tensorflow(server):
    load(server, BODY, seconds=2)
    workers = server.workers()
    assert len(workers) == 2
    for pid in workers:
        assert resident_mb(pid) <= 100
        assert "tensorflow" not in Path(f"/proc/{pid}/maps").read_text()


def test_an_absurd_length_is_refused_in_words(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        length = f"Content-Length: {10**22}\r\n"
        connection.sendall(f"POST /predict HTTP/1.1\r\nHost: x\r\n{length}\r\nx".encode())
        answer = connection.recv(9999)
    assert b" 413 " in answer
    assert b"application/problem+json" in answer


def test_a_request_under_way_is_answered_after_sigterm(tmp_path):
    log = tmp_path / "log"
    with (
        log.open("wb") as stream,
        running(log=stream, WEB_CONCURRENCY="1") as server,
        socket.create_connection(("127.0.0.1", server.port)) as connection,
    ):
        head = f"POST /predict HTTP/1.1\r\nHost: test\r\nContent-Length: {len(PNG)}\r\n\r\n"
        connection.sendall(head.encode() + PNG[:100])
        predict(server.url)  # once this is answered, the worker has taken the connection
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "Handling signal: term" in log.read_text())
        connection.sendall(PNG[100:])
        answer = connection.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b'"number":"3"' in answer
        assert server.process.wait(25) == 0


def wait_until(holds, patience=10):
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_slow_senders_do_not_keep_others_waiting(server):
    """Such as phones on bad networks."""
    head = b"POST /predict HTTP/1.1\r\nHost: test\r\nContent-Length: 5000\r\n\r\n\x89PN"
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(12)]
    for connection in slow:
        connection.sendall(head)
    try:
        assert predict(server.url) == "3"
    finally:
        for connection in slow:
            connection.close()


def test_connections_that_nobody_closes_do_not_keep_others_waiting(server):
    asked = b"GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
    held = []
    for request in 8 * [asked, b"nonsense\r\n\r\n"]:
        held.append(socket.create_connection(("127.0.0.1", server.port)))
        held[-1].sendall(request)
    begin = time.monotonic()
    assert {predict(server.url) for _ in range(20)} == {"3"}
    assert time.monotonic() - begin < 8  # gunicorn alone waits 2 s for each, 16 in each worker
    for connection in held:
        connection.close()


def impatient():
    """This app, in a worker that waits one second for a byte."""
    worker.PATIENCE = 1
    return create_app()


def test_who_sends_nothing_more_is_given_up(tmp_path):
    log = tmp_path / "log"
    settings = {"WEB_CONCURRENCY": "1", "THREADS": "4", "MAX_QUEUE": "3", "PYTHONPATH": "tests"}
    with (
        log.open("wb") as stream,
        running("test_gunicorn:impatient()", log=stream, **settings) as s,
    ):
        halves = (
            b"GET /healthz HTTP/1.1\r\nHo",
            b"POST /predict HTTP/1.1\r\nContent-Length: 9\r\n\r\n1",
        )
        held = []
        for half in 4 * halves:
            held.append(socket.create_connection(("127.0.0.1", s.port)))
            held[-1].sendall(half)
        assert predict(s.url) == "3"
        for connection in held:
            connection.close()
        page = b"GET /static/js/strings.js HTTP/1.1\r\nHost: test\r\n\r\n"
        held = []
        for _ in range(4):
            held.append(socket.socket())
            held[-1].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            held[-1].connect(("127.0.0.1", s.port))
            held[-1].sendall(100 * page)  # and takes none of them
        time.sleep(0.5)
        assert predict(s.url) == "3"
        for connection in held:
            connection.close()
    refused = [json.loads(line) for line in log.read_text().splitlines() if '"status":400' in line]
    assert 0 < len(refused) == sum(line["ms"] < 1900 for line in refused)  # waited for once
    assert "Gave up a client that sent or took no more" in log.read_text()
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /jane doe?token=abc HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\njane doe: x\r\n\r\n",
        b"jane(doe) / HTTP/1.1\r\n\r\n",
    ],
)
def test_of_what_is_no_http_nothing_is_logged_but_its_kind(tmp_path, request_):
    log = tmp_path / "log"
    with log.open("wb") as stream, running(log=stream, WEB_CONCURRENCY="1") as server:
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(request_)
            assert connection.recv(20).startswith(b"HTTP/1.1 400 ")
        assert predict(server.url) == "3"
    assert "Refused what is not an HTTP request: Invalid" in log.read_text()
    assert "jane" not in log.read_text()
    assert "127.0.0.1" not in log.read_text().partition("Refused")[2]


def test_a_proxy_that_is_not_trusted_is_not_believed(server):
    for name, value in (("X-Forwarded-Proto", "https"), ("X-Forwarded-Ssl", "on")):
        request = urllib.request.Request(f"{server.url}/healthz", headers={name: value})
        with urllib.request.urlopen(request) as response:
            assert response.headers["Strict-Transport-Security"] is None


def test_what_heroku_tells_gunicorn_logs_nobody_and_has_no_more_believed(tmp_path):
    log = tmp_path / "log"
    heroku = {"GUNICORN_CMD_ARGS": "--access-logfile -", "FORWARDED_ALLOW_IPS": "*"}
    settings = heroku | {"TRUSTED_PROXIES": "1", "WEB_CONCURRENCY": "1"}
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "off", "SCRIPT_NAME": "/jane"}
    said |= {"Referer": "http://jane.example", "User-Agent": "jane"}
    with log.open("wb") as stream, running(log=stream, **settings) as server:
        request = urllib.request.Request(f"{server.url}/healthz?jane", headers=said)
        with urllib.request.urlopen(request) as response:
            assert response.headers["Strict-Transport-Security"]
    assert "/healthz" in log.read_text()
    assert "jane" not in log.read_text()
    assert "127.0.0.1" not in log.read_text().partition("/healthz")[2]


def test_a_worker_that_is_stopped_while_it_loads_ends_quietly(tmp_path):
    log = tmp_path / "log"
    with log.open("wb") as stream, running(log=stream, WEB_CONCURRENCY="1") as server:
        (old,) = server.workers()
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: set(server.workers()) - {old})
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
    assert "Traceback" not in log.read_text()


def test_a_request_over_the_limit_gets_its_answer_though_it_is_still_sending():
    with running(WEB_CONCURRENCY="1", MAX_BYTES="1000000") as server:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{server.url}/predict", bytes(3_500_000))
        assert refused.value.code == 413
        assert "larger than 1 MB" in json.load(refused.value)["detail"]
        assert predict(server.url) == "3"


def test_a_chunked_body_is_refused_and_the_next_request_served(server):
    for chunk in (b"3\r\nabc\r\n0\r\n\r\n", b"zz\r\nabc"):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            head = b"POST /predict HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
            connection.sendall(head + chunk)
            assert connection.recv(100).startswith(b"HTTP/1.1 411 ")
    assert predict(server.url) == "3"


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("kind", ["photo", "transparent", "flat"])
def test_the_memory_of_large_pictures_is_given_back(kind):
    picture = LARGE[kind]()
    with running(WEB_CONCURRENCY="1") as server:
        predict(server.url)
        for _ in range(2):
            with urllib.request.urlopen(f"{server.url}/predict", picture) as response:
                assert response.status == 200
        (pid,) = server.workers()
        assert resident_mb(pid) <= 140
        assert resident_mb(pid, "VmHWM") <= 450  # at its largest: what a 512 MB dyno holds


def large_photo():
    noise = np.random.default_rng(0).integers(90, 120, (300, 400, 3), np.uint8)
    image = Image.fromarray(noise).resize((4000, 3000))
    return save(image, "JPEG", quality=85)


LARGE = {
    "photo": large_photo,
    "transparent": lambda: save(Image.new("RGBA", (4900, 4900), (9, 9, 9, 0)), "PNG"),
    "flat": lambda: save(Image.new("RGBA", (3500, 3500), (9, 9, 9, 90)), "WEBP", lossless=True),
}


def save(image, kind, **options):
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def test_each_request_is_logged_to_stdout(tmp_path):
    log = tmp_path / "log"
    with log.open("wb") as stream, running(log=stream, WEB_CONCURRENCY="1") as server:
        predict(server.url)
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    told = next(line for line in lines if line["path"] == "/predict")
    assert (told["method"], told["status"], told["verdicts"]) == ("POST", 200, {"digit": 1})


def test_keras_serves_the_same_network_from_the_h5(server):
    with running(MODEL="mnist_cnn.h5", WEB_CONCURRENCY="1") as keras:
        versions = set()
        for url in (keras.url, server.url):
            with urllib.request.urlopen(f"{url}/readyz") as response:
                versions.add(json.load(response)["model"])
            assert predict(url) == "3"
    assert len(versions) == 1


def test_a_missing_network_is_told_at_the_start(tmp_path):
    log = tmp_path / "log"
    with (
        log.open("wb") as stream,
        pytest.raises(RuntimeError),
        running(log=stream, MODEL="nowhere.tflite", WEB_CONCURRENCY="1"),
    ):
        pass
    assert "There is no network at nowhere.tflite" in log.read_text()


@pytest.mark.parametrize(
    ("address", "bind"),
    [("127.0.0.1", "127.0.0.1:5000"), ("::1", "[::1]:5000"), ("[::1]", "[::1]:5000")],
)
def test_an_ipv6_address_may_be_given_in_brackets(monkeypatch, address, bind):
    monkeypatch.setenv("ADDRESS", address)
    assert runpy.run_path("gunicorn.conf.py")["bind"] == bind


WRONG = {
    "RATE_LIMIT": "often",
    "RATE_LIMIT_STORAGE": "redis:6379",
    "CORS_ORIGINS": "a.example",
    "THREADS": "many",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_told_at_the_end_of_what_is_said(tmp_path, name):
    log = tmp_path / "log"
    settings = {"RATE_LIMIT": "9/minute"} | {name: WRONG[name]}
    with log.open("wb") as stream, pytest.raises(RuntimeError), running(log=stream, **settings):
        pass
    assert f"{name}={WRONG[name]} is no" in log.read_text().splitlines()[-1]


def test_the_procfile_starts_the_server():
    assert Path("Procfile").read_text() == "web: gunicorn\n"
    assert os.access("script/server", os.X_OK)


def test_the_scripts_may_be_started_through_a_link(tmp_path):
    scripts, link = tmp_path / "digits" / "script", tmp_path / "link"
    scripts.mkdir(parents=True)
    shutil.copy("script/environment", scripts)
    begin, _, _ = Path("script/server").read_text().partition("\n\n")
    (scripts / "server").write_text(f"{begin}\npwd -P\n")
    link.symlink_to(scripts / "server")
    run = subprocess.run(["/bin/sh", link], capture_output=True, text=True, check=True)
    assert run.stdout == f"{scripts.parent.resolve()}\n"
