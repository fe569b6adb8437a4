"""One thread that reads for all requests of a process, and the bound on how many wait for it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock


class Busy(Exception):
    """So many wait already that one more would be answered late."""


class Reader:
    """Makes calls one at a time, in order.

    Requests come in side by side, but one thread of a process reads them all: threads that take
    turns at the interpreter's lock are no faster together, and memory is that of one picture.
    """

    def __init__(self, most):
        self.waiting = 0  # calls not yet answered, the one that is being made among them
        self._most = most
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1)

    def do(self, call, *arguments):
        """Make a call in its turn and return its result; raises Busy where `most` wait."""
        with self._lock:
            self.check()
            self.waiting += 1
        try:
            return self.do_anyway(call, *arguments)
        finally:
            with self._lock:
                self.waiting -= 1

    def check(self):
        """Raise Busy where a call would be refused now."""
        if self.waiting >= self._most:
            raise Busy

    def do_anyway(self, call, *arguments):
        """Make a call in its turn, however many wait."""
        return self._thread.submit(call, *arguments).result()
