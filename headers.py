"""What a browser may do with an answer: what the page needs, and nothing else."""

import re
from functools import partial

from flask import request

# The page's scripts and styles are files of this server; pictures are drawn (data:), chosen (blob:)
# and filmed; nothing is fetched from anywhere else, and no page may show this one in a frame.
CONTENT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "worker",
}

ALLOWED = ("camera", "clipboard-write")
FORBIDDEN = (
    *("accelerometer", "browsing-topics", "clipboard-read", "display-capture", "encrypted-media"),
    *("geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer"),
    *("microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "serial"),
    *("usb", "xr-spatial-tracking"),
)

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {where}" for what, where in CONTENT.items()),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        [*(f"{power}=(self)" for power in ALLOWED), *(f"{power}=()" for power in FORBIDDEN)]
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# What other sites' scripts may read of an answer's headers, beside what browsers always let them.
TOLD = ["API-Version", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
TOLD += ["Retry-After", "X-Request-ID"]
# As browsers send it: in small letters, without a path, and without the port of its scheme.
ORIGIN = re.compile(
    r"(?!http://.*:80$|https://.*:443$)[a-z][a-z0-9+.-]*://[^\s/?#@,*A-Z]+|[*]|null|none"
)
SECURE = {"Strict-Transport-Security": "max-age=63072000"}  # two years; over TLS alone


def check(origins):
    """Raise ValueError where one of them is no origin."""
    if not all(map(ORIGIN.fullmatch, origins.split())):
        raise ValueError(
            f"CORS_ORIGINS={origins} is not a list of sites separated by spaces, each as"
            " browsers send it: https://a.example or http://localhost:8000."
        )


def protect(app, origins):
    """Send them with every answer of the app, its errors too.

    origins: the sites whose scripts may ask the API and read its answers, parted by spaces; "*"
    for all, "none" for none but the page's own. Raises ValueError as `check` does.
    """
    check(origins)
    allowed = set(origins.split())
    app.wsgi_app = with_headers(app.wsgi_app)
    if allowed != {"none"}:
        app.after_request(partial(admit, allowed))


def with_headers(serve):
    """A WSGI app that sends what `serve` does, and HEADERS."""
    plain = list(HEADERS.items())
    secure = [*plain, *SECURE.items()]

    def serve_protected(environ, start_response):
        added = secure if environ["wsgi.url_scheme"].lower() == "https" else plain
        return serve(
            environ,
            lambda status, headers, *rest: start_response(status, [*headers, *added], *rest),
        )

    return serve_protected


def admit(allowed, response):
    """Let the scripts of an allowed origin read the API's (Cross-Origin Resource Sharing)."""
    if request.blueprint != "api" and not request.routing_exception:
        return response
    origin = request.headers.get("Origin")
    response.vary.add("Origin")
    if origin and not allowed.isdisjoint({origin, "*"}):
        response.access_control_allow_origin = origin
        response.access_control_allow_headers = ["Content-Type"]
        response.access_control_expose_headers = TOLD
    return response
