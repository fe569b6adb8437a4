"""gunicorn's threaded worker, which when it stops leaves no connection behind unanswered."""

import select

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    def set_accept_enabled(self, enabled):
        """When stopping, take the connections that wait already, and close the door at once.

        gunicorn's own keeps it open while requests are finished, and resets whoever comes in.
        """
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                while select.select([listener], [], [], 0)[0]:
                    self.accept(listener)
                listener.close()
