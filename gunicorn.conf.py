"""How gunicorn serves the app: each worker loads and warms the network before it takes requests."""

import contextlib
import ctypes
import os
import shutil
import tempfile

import clients
import headers
from settings import Settings

settings = Settings.from_environment()
clients.check(settings)  # the workers do, too, under sixty lines of traceback
headers.check(settings.cors_origins)

wsgi_app = "app:create_app()"
host = settings.address.strip("[]")
host = f"[{host}]" if ":" in host else host  # IPv6
bind = f"{host}:{settings.port}"
worker_class = "worker.Worker"
# On two processors two to four workers, of 4 to 32 threads, answer equally many drawings a second.
# Two fit a 512 MB dyno. Threads beyond MAX_QUEUE are there to refuse: with 12, ten times the load
# of lists was answered late, after 5 s at the median, and nothing refused.
workers = settings.web_concurrency
threads = settings.threads
worker_connections = 800  # with what else is open, fewer than the 1024 files that most shells allow
# Not preloaded: a Keras network loaded before the fork would hang (MODEL=mnist_cnn.h5).
preload_app = False
keepalive = 75  # seconds; longer than the idle time of the routers in front
graceful_timeout = 25  # seconds to finish requests after SIGTERM; Heroku kills after 30
timeout = 60  # seconds without a sign of life, TensorFlow's import included
control_socket_disable = True  # gunicornc is not used, and two servers would share its socket
logger_class = "worker.Log"  # logs.py tells of each request
# ProxyFix alone believes proxies (clients.py): of gunicorn, FORWARDED_ALLOW_IPS may say otherwise.
secure_scheme_headers = {}
forwarder_headers = ""

# In the environment, for SIGHUP has this file read again; and SIGUSR2, by the master to come.
FOLDER, MAKER, MASTER = "PROMETHEUS_MULTIPROC_DIR", "METRICS_FOLDER_MADE_BY", str(os.getpid())
if os.environ.get(MAKER, MASTER) != MASTER:
    del os.environ[FOLDER]  # which goes with the master that made it
if settings.metrics and not os.environ.get(FOLDER):
    os.environ[FOLDER], os.environ[MAKER] = tempfile.mkdtemp(prefix="digits-metrics-"), MASTER

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # mallopt's, from malloc.h


def post_fork(server, worker):
    """Have glibc give a large picture's memory back, and keep a drawing's for the next one's."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(M_MMAP_THRESHOLD, 1_000_000)  # bytes
        libc.mallopt(M_TRIM_THRESHOLD, 4_000_000)
        libc.mallopt(M_ARENA_MAX, 1)  # or each thread would keep its own


def child_exit(server, worker):
    """Take what a worker that is gone told of its state off the metrics; its counts stay."""
    if settings.metrics:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(server):
    if os.environ.get(MAKER) == MASTER:
        shutil.rmtree(os.environ[FOLDER], ignore_errors=True)
