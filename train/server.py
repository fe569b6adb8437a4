"""The app under gunicorn, as it is deployed, for the benchmark and the tests."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


class Server(NamedTuple):
    url: str
    port: int
    process: subprocess.Popen  # gunicorn's master
    started_in: float  # seconds from starting gunicorn to the first answer

    def workers(self):
        """Process ids of the workers. Linux only."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]


@contextlib.contextmanager
def running(app=None, patience=60, log=subprocess.DEVNULL, **environment):
    """Run gunicorn until the block ends.

    app: module:callable, instead of this project's app. log: where its output goes. environment:
    settings, by their names in capitals. Raises RuntimeError where GET /readyz is not answered
    within `patience` seconds.
    """
    port = int(environment.get("PORT", free_port()))
    settings = {"ADDRESS": "127.0.0.1", **environment, "PORT": str(port)}
    command = [Path(sys.executable).with_name("gunicorn"), *([app] if app else [])]
    begin = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | settings, stdout=log, stderr=subprocess.STDOUT
    ) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{url}/readyz", process, patience)
            yield Server(url, port, process, time.perf_counter() - begin)
        finally:
            process.terminate()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, process, patience):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(url, timeout=patience).close()  # noqa: S310
            return
        time.sleep(0.02)
    raise RuntimeError(f"gunicorn did not serve {url} within {patience} s")
