"""More requests than can be read, and workers that come and go: under real gunicorn."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from app import create_app
from digits.read import read
from digits.reader import Busy, Reader
from settings import Settings
from train.benchmark import DRAWING
from train.overload import FEW, ONE, page, send
from train.server import running

PNG = DRAWING.read_bytes()


class Held:
    """The network, which once `holds` is set answers only when it is let go."""

    def __init__(self, classifier):
        self.version, self.strip, self.strip_version = classifier.version, None, None
        self.classifier = classifier
        self.holds, self.is_asked, self.is_let_go = Event(), Event(), Event()
        self.pass_time = lambda: None

    def __call__(self, inputs):
        if self.holds.is_set():
            self.is_asked.set()
            assert self.is_let_go.wait(30)
        self.pass_time()
        return self.classifier(inputs)


@pytest.fixture
def clock(monkeypatch):
    """A list of one number, the seconds on the reader's clock."""
    now = [0.0]
    monkeypatch.setattr("digits.reader.perf_counter", lambda: now[0])
    return now


def pass_time(clock, seconds):
    clock[0] += seconds


@pytest.mark.parametrize(
    ("settings", "took", "retry_after"),
    [({"MAX_QUEUE": "1"}, 0, "1"), ({"MAX_QUEUE": "1"}, 3, "3"), ({"MAX_WAIT": "2"}, 2.5, "3")],
)
def test_who_would_wait_long_is_refused_before_those_who_wait_are_answered(
    classifier, clock, settings, took, retry_after
):
    held = Held(classifier)
    app = create_app(Settings.from_environment(settings), held)
    held.pass_time = lambda: pass_time(clock, took)
    assert app.test_client().post("/predict", data=PNG).json["number"] == "3"
    held.holds.set()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(app.test_client().post, "/predict", data=PNG)
        assert held.is_asked.wait(30)
        refused = app.test_client().post("/predict", data=PNG)
        assert not first.done()
        held.is_let_go.set()
        assert first.result().json["number"] == "3"
    assert refused.status_code == 503
    assert refused.mimetype == "application/problem+json"
    assert refused.headers["Retry-After"] == retry_after
    assert "Try again" in refused.json["detail"]
    assert app.test_client().post("/predict", data=PNG).json["number"] == "3"


def test_the_page_that_is_sent_is_read(classifier):
    """Twenty small numbers, far apart, on twelve megapixels that are lit from one side."""
    assert read(page(), classifier, 12_000_000).number == "\n".join(["94301"] * 20)


def test_ten_times_the_threads_are_answered_or_refused_to_the_end():
    with running(WEB_CONCURRENCY="2", THREADS="6", MAX_QUEUE="3") as server:
        workers = server.workers()
        sent = send(server.port, ONE, 120, seconds=3)
        assert {one.status for one in sent} == {200, 503}
        middle = (sent[0].begin + sent[-1].begin) / 2
        for half in ([s for s in sent if (s.begin < middle) is early] for early in (True, False)):
            assert {one.status for one in half} == {200, 503}
        assert server.workers() == workers
        assert {one.status for one in send(server.port, ONE, 2, seconds=1)} == {200}


def test_a_worker_that_is_killed_loses_only_what_it_had():
    with running(WEB_CONCURRENCY="2") as server:
        killed, _ = server.workers()
        sent = send(server.port, ONE, FEW, 4, act=lambda: os.kill(killed, signal.SIGKILL))
        lost = [one for one in sent if one.status != 200]
        assert len(lost) <= FEW
        assert {one.status for one in lost} <= {0}
        assert len(server.workers()) == 2
        assert {one.status for one in send(server.port, ONE, FEW, seconds=1)} == {200}


@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
def test_a_restart_and_an_end_lose_nothing(name):
    with running(WEB_CONCURRENCY="2") as server:
        before = server.workers()
        number = getattr(signal, name)
        sent = send(server.port, ONE, FEW, 6, act=lambda: server.process.send_signal(number))
        assert {one.status for one in sent} == {200}
        if name == "SIGHUP":
            assert not set(before) & set(server.workers())
        else:
            assert server.process.wait(25) == 0


def test_a_call_that_fails_leaves_its_place():
    reader = Reader(1, patience=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            reader.do(lambda: 1 / 0)
    assert reader.do(pow, 2, 3) == 8


def test_a_reader_without_places_refuses_but_does_what_must_be_done():
    reader = Reader(0, patience=1)
    with pytest.raises(Busy):
        reader.do(pow, 2, 3)
    assert reader.do_anyway(pow, 2, 3) == 8


def test_what_a_call_takes_is_the_mean_of_the_first_and_then_told_by_the_latest(clock):
    reader, told = Reader(1, patience=1), []
    for seconds in (1, 3, 2, *[2] * 7, 12):
        reader.do(pass_time, clock, seconds)
        told.append(round(reader.seconds, 6))
    assert told == [1, 2, *[2] * 8, 4]


def test_those_who_wait_may_not_be_expected_to_take_longer_than_the_patience(clock):
    reader, is_let_go = Reader(9, patience=5), Event()
    reader.do(pass_time, clock, 3)
    with ThreadPoolExecutor(2) as pool:
        taken = []
        for waiting in (1, 2):
            taken.append(pool.submit(reader.do, is_let_go.wait, 30))
            while reader.waiting < waiting and not taken[-1].done():
                time.sleep(0.001)
        with pytest.raises(Busy) as refused:
            reader.do(pow, 2, 3)
        is_let_go.set()
        assert all(each.result() for each in taken)
    assert refused.value.seconds == 6
    assert reader.do(pow, 2, 3) == 8
