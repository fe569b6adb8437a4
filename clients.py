"""Who a client is, and how many requests it may send."""

from werkzeug.middleware.proxy_fix import ProxyFix

WAIT = "RateLimit-Wait"  # what the limiter tells, in seconds, before it is sent as Retry-After


def limit(app, settings):
    """Hold each client to the rate of the settings, on /predict.

    There is none by default: behind a proxy that is not configured, all clients look like one.
    """
    trusted = settings.trusted_proxies
    if trusted:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=0)
    if settings.rate_limit != "none":
        hold(app, settings)


def hold(app, settings):
    """Raises ValueError where the rate is none."""
    from flask_limiter import HeaderNames, Limiter  # 3 MB in each worker, where it is used
    from flask_limiter.util import get_remote_address
    from limits import parse_many

    try:
        parse_many(settings.rate_limit)
    except ValueError as error:  # which the limiter would swallow, and limit nothing
        raise ValueError(f"RATE_LIMIT={settings.rate_limit} is no rate: {error}.") from error

    @app.after_request  # registered before the limiter's, so run after it, which rounds down
    def tell_wait(response):
        """Only those whom it refuses need to wait."""
        wait = response.headers.pop(WAIT, None)
        if wait and response.status_code == 429:
            response.headers["Retry-After"] = int(wait) + 1
        return response

    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri=settings.rate_limit_storage,
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
