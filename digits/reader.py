"""Requests take turns at reading, and no more wait for theirs than will be answered soon."""

from threading import Lock
from time import perf_counter

LATEST = 0.2  # least weight of the last call among those that tell how long one takes


class Busy(Exception):
    """So many wait already that one more would be answered late."""

    def __init__(self, seconds):
        super().__init__(seconds)
        self.seconds = seconds  # that those who wait will take


class Reader:
    """Makes calls one at a time.

    Requests come in side by side, but are read one after the other: threads that take turns at the
    interpreter's lock are no faster together, and memory is that of one picture.

    most: calls that may wait, the one that is made among them. patience: seconds; while those who
    wait are expected to take longer, no more may.
    """

    def __init__(self, most, patience):
        self.waiting = 0  # calls not yet answered, the one that is being made among them
        self.seconds = 0.0  # that a call takes of late
        self._calls = 0
        self._most = most
        self._patience = patience
        self._door = Lock()
        self._turn = Lock()

    def do(self, call, *arguments):
        """Make a call in its turn and return its result; raises Busy where it would wait long."""
        with self._door:
            self.check()
            self.waiting += 1
        try:
            return self.do_anyway(self._time, call, *arguments)
        finally:
            with self._door:
                self.waiting -= 1

    def check(self):
        """Raise Busy where a call would be refused now."""
        seconds = self.waiting * self.seconds
        if self.waiting >= self._most or seconds > self._patience:
            raise Busy(seconds)

    def do_anyway(self, call, *arguments):
        """Make a call in its turn, however many wait."""
        with self._turn:
            return call(*arguments)

    def _time(self, call, *arguments):
        begin = perf_counter()
        try:
            return call(*arguments)
        finally:
            self._calls += 1
            weight = max(LATEST, 1 / self._calls)
            self.seconds += weight * (perf_counter() - begin - self.seconds)
