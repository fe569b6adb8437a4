"""Who a client is, and how many requests it may send."""

import logging
from ipaddress import ip_address, ip_network

from flask import request
from werkzeug.middleware.proxy_fix import ProxyFix

WAIT = "RateLimit-Wait"  # what the limiter tells, in seconds, before it is sent as Retry-After
HOUSEHOLD = 64  # bits of an IPv6 address that all in it share
PATIENCE = 0.5  # seconds that a request waits for Redis


def limit(app, settings):
    """Hold each client to the rate of the settings, on /predict.

    There is none by default: behind a proxy that is not configured, all clients look like one.
    """
    trusted = settings.trusted_proxies
    if trusted:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=0)
    if settings.rate_limit != "none":
        hold(app, settings)


def check(settings):
    """Raise ValueError where clients could not be held to the rate of the settings."""
    if settings.rate_limit == "none":
        return
    from limits import parse_many
    from limits.errors import ConfigurationError
    from limits.storage import storage_from_string

    try:
        parse_many(settings.rate_limit)
    except ValueError as error:  # which the limiter would swallow, and limit nothing
        raise ValueError(f"RATE_LIMIT={settings.rate_limit} is not a rate: {error}.") from error
    storage = settings.rate_limit_storage
    try:
        storage_from_string(storage)
    except (ConfigurationError, ValueError) as error:
        raise ValueError(f"RATE_LIMIT_STORAGE={storage} is not a storage: {error}.") from error


def hold(app, settings):
    """Raises ValueError as `check` does."""
    from flask_limiter import HeaderNames, Limiter  # 3 MB in each worker, where it is used

    check(settings)
    storage = settings.rate_limit_storage
    waits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    log = logging.getLogger("flask-limiter")  # which tells that the storage is gone
    if not any(type(handler) is logging.StreamHandler for handler in log.handlers):
        log.addHandler(logging.StreamHandler())

    @app.after_request  # registered before the limiter's, so run after it, which rounds down
    def tell_wait(response):
        """Only those whom it refuses need to wait."""
        wait = response.headers.pop(WAIT, None)
        if wait and response.status_code == 429:
            response.headers["Retry-After"] = int(wait) + 1
        return response

    limiter = Limiter(
        lambda: household(request.remote_addr or "127.0.0.1"),  # none on a Unix socket
        app=app,
        storage_uri=storage,
        storage_options=waits if storage.startswith("redis") else {},
        in_memory_fallback_enabled=True,  # while the storage does not answer
        swallow_errors=True,  # what is asked side by side when it goes is answered, uncounted
        headers_enabled=True,
        header_name_mapping={
            HeaderNames.LIMIT: "RateLimit-Limit",
            HeaderNames.REMAINING: "RateLimit-Remaining",
            HeaderNames.RESET: "RateLimit-Reset",
            HeaderNames.RETRY_AFTER: WAIT,
        },
    )
    predict = "api.predict"
    app.view_functions[predict] = limiter.limit(settings.rate_limit)(app.view_functions[predict])


def household(text):
    """An address as it is counted: of an IPv6 one its /64 network; without a port of a proxy's.

    What is no address is counted as it is.
    """
    host = text.removeprefix("[").partition("]")[0]
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host)
        address = getattr(address, "ipv4_mapped", None) or address
        return str(address if address.version == 4 else ip_network((address, HOUSEHOLD), False))
    except ValueError:
        return text
