"""How gunicorn serves the app: each worker loads and warms the network before it takes requests."""

import contextlib
import ctypes

from settings import Settings

settings = Settings.from_environment()

wsgi_app = "app:create_app()"
host = f"[{settings.address}]" if ":" in settings.address else settings.address  # IPv6
bind = f"{host}:{settings.port}"
worker_class = "gthread"
workers = settings.web_concurrency
threads = settings.threads
# Not preloaded: a Keras network loaded before the fork would hang (MODEL=mnist_cnn.h5).
preload_app = False
keepalive = 75  # seconds; longer than the idle time of the routers in front
graceful_timeout = 25  # seconds to finish requests after SIGTERM; Heroku kills after 30
timeout = 60  # seconds without a sign of life, TensorFlow's import included
control_socket_disable = True  # gunicornc is not used, and two servers would share its socket
accesslog = "-"
access_log_format = '%(h)s "%(r)s" %(s)s %(b)s bytes %(M)s ms'

M_MMAP_THRESHOLD = -3  # mallopt's parameter, from malloc.h


def post_fork(server, worker):
    """Have glibc give the memory of a large picture back, which it would keep for the next."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_MMAP_THRESHOLD, 1_000_000)
