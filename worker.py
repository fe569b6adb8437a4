"""gunicorn's threaded worker, which no client keeps from serving others, and which leaves none."""

import select
import socket
import struct

from gunicorn.workers.gthread import ThreadWorker

from logs import Discreet

PATIENCE = 15  # seconds without a byte of a request that has begun


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
        patience = struct.pack("ll", PATIENCE, 0)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)
        kept = super().handle(conn)
        if not kept:
            conn.close(graceful=True)
            conn.close = lambda graceful=False: None
        return kept
