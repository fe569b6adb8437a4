"""What a browser may do with an answer: what the page needs, and nothing else."""

from flask import request

# The page's scripts and styles are files of this server; pictures are drawn (data:), chosen (blob:)
# and filmed; nothing is fetched from anywhere else, and no page may show this one in a frame.
CONTENT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "worker",
}

ALLOWED = ("camera", "clipboard-read", "clipboard-write")
FORBIDDEN = (
    *("accelerometer", "browsing-topics", "display-capture", "encrypted-media"),
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
TWO_YEARS = "max-age=63072000"


def protect(app, origins):
    """Send them with every answer of the app, its errors too.

    origins: the sites whose scripts may ask /predict and read its answers, parted by spaces; "*"
    for all, "none" for none but the page's own.
    """
    allowed = set(origins.split())

    @app.after_request
    def add_headers(response):
        response.headers.extend(HEADERS)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = TWO_YEARS
        if allowed != {"none"}:
            admit(response, request.headers.get("Origin"), allowed)
        return response


def admit(response, origin, allowed):
    """Let the scripts of an allowed origin read the answer (Cross-Origin Resource Sharing)."""
    response.vary.add("Origin")
    if origin and not allowed.isdisjoint({origin, "*"}):
        response.access_control_allow_origin = origin
        response.access_control_allow_headers = ["Content-Type"]
