"""Whatever answers at the other end, it is told in words, and no picture stops the others."""

import socket
from contextlib import contextmanager
from threading import Thread

import pytest

from digits import remote
from digits.contract import Answer, ProblemDetails
from digits.remote import Server
from train.benchmark import DRAWING
from train.server import free_port

ANSWERS = {
    "a status without a name": (b"HTTP/1.1 520 Odd\r\nContent-Length: 2\r\n\r\nno", 502, "Odd"),
    "nothing but such a status": (b"HTTP/1.1 520 \r\nContent-Length: 0\r\n\r\n", 502, "520"),
    "a router's page": (b"HTTP/1.1 504 Gateway\r\nContent-Length: 2\r\n\r\nno", 504, "Gateway"),
    "an error that breaks off": (b"HTTP/1.1 500 Oh\r\nContent-Length: 99\r\n\r\n{", 500, "Oh"),
    "what is no HTTP": (b"hello\r\n\r\n", 502, "is not a server of this program"),
    "another address": (
        b"HTTP/1.1 301 Moved\r\nLocation: https://a.example/predict?mode=auto\r\n\r\n",
        *(301, "redirects to https://a.example: use that address"),
    ),
    "a wait that is too long": (
        b"HTTP/1.1 429 Wait\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n",
        *(429, "Wait"),
    ),
}
PASSING = [
    b"",
    b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
    b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 503 Busy\r\nRetry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\n\r\n",
    b"HTTP/1.1 429 Wait\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n",
]


@contextmanager
def answering(*replies):
    """The address of what answers one request after the other with these bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            for reply in replies:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(100_000)
                    connection.sendall(reply)

        thread = Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


@pytest.fixture
def told():
    return []


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_no_answer_is_told(name, told):
    reply, status, words = ANSWERS[name]
    with answering(reply) as url:
        problem = Server(url, told.append).ask(b"picture", "auto")
    assert isinstance(problem, ProblemDetails)
    assert problem.status == status
    assert words in problem.detail
    assert not told


def test_who_is_busy_or_restarts_is_asked_again(client, told, monkeypatch):
    monkeypatch.setattr(remote, "PAUSE", 0.01)
    monkeypatch.setattr(remote, "QUIET", 0)
    body = client.post("/predict", data=DRAWING.read_bytes()).data
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with answering(*PASSING, answer) as url:
        reading = Server(url, told.append).ask(b"picture", "auto")
    assert isinstance(reading, Answer)
    assert reading.number == "3"
    (words,) = told
    assert words.startswith(f"Waiting for {url}: {url} does not answer")


def test_who_is_not_there_is_given_up_for_all_pictures(told, monkeypatch):
    monkeypatch.setattr(remote, "PAUSE", 0.1)
    monkeypatch.setattr(remote, "GONE_FOR", 0.5)
    server = Server(f"http://127.0.0.1:{free_port()}", told.append)
    for _ in range(3):
        problem = server.ask(b"picture", "auto")
        assert problem.status == 503
        assert "does not answer: [Errno" in problem.detail
        monkeypatch.setattr(remote, "PAUSE", 60)  # for the others there is none
