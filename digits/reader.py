"""Requests take turns at reading, and no more than so many may wait for theirs."""

from threading import Lock


class Busy(Exception):
    """So many wait already that one more would be answered late."""


class Reader:
    """Makes calls one at a time.

    Requests come in side by side, but are read one after the other: threads that take turns at the
    interpreter's lock are no faster together, and memory is that of one picture.
    """

    def __init__(self, most):
        self.waiting = 0  # calls not yet answered, the one that is being made among them
        self._most = most
        self._door = Lock()
        self._turn = Lock()

    def do(self, call, *arguments):
        """Make a call in its turn and return its result; raises Busy where `most` wait."""
        with self._door:
            self.check()
            self.waiting += 1
        try:
            return self.do_anyway(call, *arguments)
        finally:
            with self._door:
                self.waiting -= 1

    def check(self):
        """Raise Busy where a call would be refused now."""
        if self.waiting >= self._most:
            raise Busy

    def do_anyway(self, call, *arguments):
        """Make a call in its turn, however many wait."""
        with self._turn:
            return call(*arguments)
