"""Whatever answers at the other end, it is told in words, and no picture stops the others."""

import socket
from contextlib import contextmanager
from threading import Thread

import pytest

from digits.contract import ProblemDetails
from digits.remote import ask

ANSWERS = {
    "a status without a name": (b"HTTP/1.1 520 Odd\r\nContent-Length: 2\r\n\r\nno", 502, "Odd"),
    "nothing but such a status": (b"HTTP/1.1 520 \r\nContent-Length: 0\r\n\r\n", 502, "520"),
    "a router's page": (b"HTTP/1.1 504 Gateway\r\nContent-Length: 2\r\n\r\nno", 504, "Gateway"),
    "an error that breaks off": (b"HTTP/1.1 500 Oh\r\nContent-Length: 99\r\n\r\n{", 500, "Oh"),
    "an answer that breaks off": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
        *(502, "is not a server of this program"),
    ),
    "what is no HTTP": (b"hello\r\n\r\n", 502, "is not a server of this program"),
}


@contextmanager
def answering(reply):
    """The address of what answers one request with these bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            connection, _ = listener.accept()
            with connection:
                connection.recv(100_000)
                connection.sendall(reply)

        thread = Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_no_answer_is_told(name):
    reply, status, words = ANSWERS[name]
    with answering(reply) as url:
        problem = ask(url, b"picture", "auto")
    assert isinstance(problem, ProblemDetails)
    assert problem.status == status
    assert words in problem.detail
