"""gunicorn's threaded worker, which no client alone can stop, and which leaves none behind.

And its log, without its line of each request.
"""

import select
import socket
import struct

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from logs import Discreet

PATIENCE = 15  # seconds without a byte of a request that has begun, or of its answer


class Log(Logger):
    def access(self, *_):
        """Of addresses, queries and browsers, whatever GUNICORN_CMD_ARGS says: Heroku sets it."""


class Worker(ThreadWorker):
    def init_process(self):
        self.log.error_log.addFilter(Discreet())
        super().init_process()

    def set_accept_enabled(self, enabled):
        """When stopping, take the connections that wait already, and close the door at once.

        gunicorn's own keeps it open while requests are finished, and resets whoever comes in.
        """
        if enabled and not self.alive:  # told to stop while it was loading; False follows
            return
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                while select.select([listener], [], [], 0)[0]:
                    self.accept(listener)
                listener.close()

    def handle(self, conn):
        """Answer a request, and close its connection here, in a thread, where it is not kept.

        gunicorn does that where all connections are waited for, until the other end closes, too.
        """
        for what in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, what, struct.pack("ll", PATIENCE, 0))
        kept = super().handle(conn)
        if not kept:
            conn.close(graceful=True)
            conn.close = lambda graceful=False: None  # which gunicorn calls again
        return kept
