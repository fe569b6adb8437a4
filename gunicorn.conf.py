"""How gunicorn serves the app: each worker loads and warms the network before it takes requests."""

import contextlib
import ctypes
import os
import shutil
import tempfile

from settings import Settings

settings = Settings.from_environment()

wsgi_app = "app:create_app()"
host = f"[{settings.address}]" if ":" in settings.address else settings.address  # IPv6
bind = f"{host}:{settings.port}"
worker_class = "worker.Worker"
workers = settings.web_concurrency
threads = settings.threads
# Not preloaded: a Keras network loaded before the fork would hang (MODEL=mnist_cnn.h5).
preload_app = False
keepalive = 75  # seconds; longer than the idle time of the routers in front
graceful_timeout = 25  # seconds to finish requests after SIGTERM; Heroku kills after 30
timeout = 60  # seconds without a sign of life, TensorFlow's import included
control_socket_disable = True  # gunicornc is not used, and two servers would share its socket
accesslog = None  # logs.py tells of each request

if settings.metrics and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:  # SIGHUP reads this again
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="digits-metrics-")

M_MMAP_THRESHOLD = -3  # mallopt's parameter, from malloc.h


def post_fork(server, worker):
    """Have glibc give the memory of a large picture back, which it would keep for the next."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_MMAP_THRESHOLD, 1_000_000)


def child_exit(server, worker):
    """Take what a worker that is gone told of its state off the metrics; its counts stay."""
    if settings.metrics:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(server):
    if settings.metrics:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
