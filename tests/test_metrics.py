"""What /metrics tells: of one process, and of all workers."""

import os
import shutil
import signal
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from prometheus_client.parser import text_string_to_metric_families
from test_gunicorn import wait_until

from app import create_app
from settings import Settings
from train.benchmark import DRAWING
from train.overload import ONE, send
from train.server import running

PNG = DRAWING.read_bytes()


def values(text):
    """{(name, labels' values): value}"""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_they_are_off_unless_switched_on(client):
    assert client.get("/metrics").status_code == 404


def test_each_request_is_counted(classifier):
    client = create_app(Settings(metrics=1), classifier).test_client()
    for body in (PNG, PNG, b"nonsense"):
        client.post("/predict", data=body)
    client.get("/nowhere")
    response = client.get("/metrics")
    assert response.mimetype == "text/plain"
    told = values(response.text)
    assert told["digits_requests_total", "api.predict", "200"] == 2
    assert told["digits_requests_total", "api.predict", "415"] == 1
    assert told["digits_requests_total", "none", "404"] == 1
    assert told["digits_verdicts_total", "digit"] == 2
    assert told["digits_verdicts_total", "refused"] == 1
    assert told["digits_confidence_count",] == told["digits_confidence_bucket", "1.0"] == 2
    assert told["digits_confidence_bucket", "0.5"] == 0
    assert told["digits_queue",] == 0
    assert told["digits_model", classifier.version] == 1
    wait, read, whole = (told["digits_seconds_sum", each] for each in ("wait", "read", "whole"))
    assert 0 < wait < read < whole > wait + read


def test_calls_are_in_the_queue_until_they_are_answered(classifier):
    class Slow:
        version, strip_version, strip = classifier.version, None, None

        def __call__(self, inputs):
            goes_on.wait(30)
            return classifier(inputs)

    goes_on = Event()
    app = create_app(Settings(metrics=1), Slow())

    def queue():
        return values(app.test_client().get("/metrics").text)["digits_queue",]

    with ThreadPoolExecutor(3) as pool:
        calls = [pool.submit(app.test_client().post, "/predict", data=PNG) for _ in range(3)]
        wait_until(lambda: queue() == 3)
        goes_on.set()
        assert {call.result().status_code for call in calls} == {200}
    assert queue() == 0


def test_a_folder_that_was_named_stays(tmp_path):
    settings = {"METRICS": "1", "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    (tmp_path / "of another.db").touch()
    with running(WEB_CONCURRENCY="1", **settings):
        pass
    assert (tmp_path / "of another.db").exists()


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs Linux's /proc")
def test_all_workers_count_together_and_the_dead_s_requests_stay(tmp_path):
    def told():
        with urllib.request.urlopen(f"{server.url}/metrics") as response:
            return values(response.read().decode())

    with running(WEB_CONCURRENCY="2", METRICS="1", TMPDIR=str(tmp_path)) as server:
        sent = len(send(server.port, ONE, 8, seconds=1))
        assert {told()["digits_requests_total", "api.predict", "200"] for _ in range(8)} == {sent}
        (folder,) = tmp_path.glob("digits-metrics-*")
        dead, _ = server.workers()
        of_the_dead = folder / f"gauge_livesum_{dead}.db"
        assert of_the_dead.exists()
        os.kill(dead, signal.SIGKILL)
        wait_until(lambda: not of_the_dead.exists())
        sent += len(send(server.port, ONE, 8, seconds=1))
        before = set(server.workers())
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: not before & set(server.workers()) and len(server.workers()) == 2)
        assert told()["digits_requests_total", "api.predict", "200"] == sent
        shutil.rmtree(folder)  # as what tidies /tmp does
        with urllib.request.urlopen(f"{server.url}/metrics") as response:
            assert response.status == 200
        shutil.rmtree(folder)
        dead, _ = server.workers()
        os.kill(dead, signal.SIGKILL)
        wait_until(lambda: dead not in server.workers() and len(server.workers()) == 2)
        wait_until(lambda: told().get(("digits_requests_total", "metrics", "200"), 0) > 0)
    assert not folder.exists()


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs Linux's /proc")
def test_a_master_that_takes_over_counts_in_a_folder_of_its_own(tmp_path):
    def told():
        with urllib.request.urlopen(f"{server.url}/metrics") as response:
            return values(response.read().decode())

    settings = {"METRICS": "1", "PROMETHEUS_MULTIPROC_DIR": "", "TMPDIR": str(tmp_path)}
    with running(WEB_CONCURRENCY="1", **settings) as server:
        (worker,) = server.workers()
        server.process.send_signal(signal.SIGHUP)  # what it reads anew, its successor inherits
        wait_until(lambda: len(server.workers()) == 1 and worker not in server.workers())
        (worker,) = server.workers()
        server.process.send_signal(signal.SIGUSR2)
        wait_until(lambda: len(server.workers()) == 2)
        (successor,) = set(server.workers()) - {worker}
        try:
            wait_until(lambda: len(list(tmp_path.glob("digits-metrics-*/gauge_livemax_*"))) > 1, 30)
            server.process.terminate()
            server.process.wait(30)
            assert "digits_model" in {name for name, *_ in told()}
        finally:
            os.kill(successor, signal.SIGTERM)
    wait_until(lambda: not list(tmp_path.glob("digits-metrics-*")))
