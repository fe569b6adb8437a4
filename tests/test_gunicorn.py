"""The app as it is deployed: gunicorn with gunicorn.conf.py, real workers, real requests."""

import base64
import json
import os
import signal
import socket
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from train.benchmark import DRAWING, load, resident_mb
from train.server import running

PNG = DRAWING.read_bytes()
BODY = json.dumps({"image": base64.b64encode(PNG).decode()}).encode()


@pytest.fixture(scope="module")
def server():
    with running(WEB_CONCURRENCY="2") as server:
        yield server


def predict(url):
    with urllib.request.urlopen(f"{url}/predict", PNG) as response:
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
        while "Handling signal: term" not in log.read_text():
            time.sleep(0.05)
        connection.sendall(PNG[100:])
        answer = connection.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b'"number": "3"' in answer
        assert server.process.wait(25) == 0


def test_each_request_is_logged_to_stdout(tmp_path):
    log = tmp_path / "log"
    with log.open("wb") as stream, running(log=stream, WEB_CONCURRENCY="1") as server:
        predict(server.url)
    assert '"POST /predict HTTP/1.1" 200' in log.read_text()


def test_keras_serves_the_same_network_from_the_h5(server):
    with running(MODEL="mnist_cnn.h5", WEB_CONCURRENCY="1") as keras:
        for url in (keras.url, server.url):
            with urllib.request.urlopen(f"{url}/readyz") as response:
                versions = json.load(response)["model"]
            assert predict(url) == "3"
        assert versions.startswith("mnist_cnn@")


def test_a_missing_network_is_told_at_the_start(tmp_path):
    log = tmp_path / "log"
    with (
        log.open("wb") as stream,
        pytest.raises(RuntimeError),
        running(log=stream, MODEL="nowhere.tflite", WEB_CONCURRENCY="1"),
    ):
        pass
    assert "There is no network at nowhere.tflite" in log.read_text()


def test_the_procfile_starts_the_server():
    assert Path("Procfile").read_text() == "web: gunicorn\n"
    assert os.access("script/server", os.X_OK)
