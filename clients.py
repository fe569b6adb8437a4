"""Who a client is, and how many requests it may send."""

from werkzeug.middleware.proxy_fix import ProxyFix

REFUSED = (429, 503)  # statuses that say when to come again


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

    @app.after_request  # before the limiter, whose own comes first: it rounds down
    def tell_wait(response):
        """Only those who are refused need to wait, until the time is up."""
        wait = response.headers.pop("Retry-After", None)
        if wait and response.status_code in REFUSED:
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
        },
    )
    predict = "api.predict"
    app.view_functions[predict] = limiter.limit(settings.rate_limit)(app.view_functions[predict])
