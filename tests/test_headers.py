"""Every answer forbids the browser what the page does not need, and the page needs no more."""

import re

import pytest
from browser import as_png, button, cells, draw_on, guess, upload, write_on
from playwright.sync_api import expect

from app import create_app
from headers import HEADERS
from settings import Settings

ANSWERS = {
    "page": ("GET", "/", 200),
    "service worker": ("GET", "/sw.js", 200),
    "script": ("GET", "/static/js/main.js", 200),
    "picture": ("GET", "/static/icons/icon-192.png", 200),
    "reading": ("POST", "/predict", 200),
    "health": ("GET", "/healthz", 200),
    "documentation": ("GET", "/docs", 200),
    "contract": ("GET", "/openapi.json", 200),
    "network": ("GET", "/model", 200),
    "preflight": ("OPTIONS", "/predict", 200),
    "no such path": ("GET", "/static/nothing.js", 404),
    "wrong method": ("GET", "/predict", 405),
    "bad mode": ("POST", "/predict?mode=letters", 400),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_has_every_header(client, kind):
    method, path, status = ANSWERS[kind]
    response = client.open(path, method=method, data=as_png(7) if method == "POST" else None)
    assert response.status_code == status
    for name, value in HEADERS.items():
        assert response.headers.getlist(name) == [value]
    assert "Strict-Transport-Security" not in response.headers  # it would bind plain http


def test_a_failure_and_an_unchanged_page_have_them_too(client):
    etag = client.get("/").headers["ETag"]
    unchanged = client.get("/", headers={"If-None-Match": etag})
    broken = create_app(Settings(), Broken()).test_client()
    failed = broken.post("/predict", data=as_png(7))
    assert (unchanged.status_code, failed.status_code) == (304, 500)
    for response in (unchanged, failed):
        assert HEADERS.items() <= dict(response.headers).items()


class Broken:
    version, strip_version, strip = "broken@000000000000", None, None

    def __call__(self, inputs):
        raise RuntimeError("out of order")


def test_nothing_of_the_policy_is_unsafe():
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy


def test_strict_transport_security_is_asked_for_behind_tls(client):
    response = client.get("/healthz", base_url="https://digits.example")
    assert response.headers["Strict-Transport-Security"] == "max-age=63072000"


def test_no_other_site_s_scripts_are_answered(client):
    response = client.get("/healthz", headers={"Origin": "https://a.example"})
    assert not [name for name, _ in response.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    ("origins", "origin", "admitted"),
    [
        ("https://a.example https://b.example", "https://b.example", "https://b.example"),
        ("https://a.example", "https://b.example", None),
        ("https://a.example", "https://a.example.evil", None),
        ("*", "https://b.example", "https://b.example"),
        ("http://my_app:3000 null", "http://my_app:3000", "http://my_app:3000"),
    ],
)
def test_the_sites_that_are_named_are(classifier, origins, origin, admitted):
    client = create_app(Settings(cors_origins=origins), classifier).test_client()
    asked = client.options("/predict", headers={"Origin": origin})
    answer = client.post("/predict", data=as_png(7), headers={"Origin": origin})
    for response in (asked, answer):
        assert response.headers.get("Access-Control-Allow-Origin") == admitted
        assert "Origin" in response.headers["Vary"]
    allowed = asked.headers.get("Access-Control-Allow-Headers")
    assert allowed == (admitted and "Content-Type")
    told = answer.headers.get("Access-Control-Expose-Headers", "")
    assert ("Retry-After" in told and "X-Request-ID" in told) == bool(admitted)


@pytest.mark.parametrize(
    "origins",
    [
        *("https://a.example/", "https://a.example,https://b.example", "a.example"),
        *("HTTPS://a.example", "https://*.example", "none https://", "https://a.example:443"),
    ],
)
def test_what_is_no_origin_is_told_and_not_passed_over(classifier, origins):
    with pytest.raises(ValueError, match=re.escape(f"CORS_ORIGINS={origins} is not a list")):
        create_app(Settings(cors_origins=origins), classifier)


def test_they_are_answered_by_the_api_alone(classifier):
    client = create_app(Settings(cors_origins="*", metrics=1), classifier).test_client()
    paths = {"/model": True, "/predict": True, "/nowhere": True, "/metrics": False, "/": False}
    for path, admitted in paths.items():
        response = client.get(path, headers={"Origin": "https://a.example"})
        assert ("Access-Control-Allow-Origin" in response.headers) == admitted


LISTEN = """
  window.violations = [];
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    violations.push(`${violatedDirective} ${blockedURI}`));
"""


def test_the_page_does_all_that_it_does_without_a_violation(open_page, server):
    page = open_page()
    complaints = []
    page.on("console", lambda message: complaints.append((message.type, message.text)))
    page.add_init_script(LISTEN)
    page.goto(server.url)
    draw_on(page, 7)
    expect(guess(page)).to_have_value("7")
    for closed in page.locator("details").all():
        closed.locator("summary").click()
    expect(page.locator("#way img").first).to_be_visible()
    button(page, "Clear").click()
    write_on(page, "35")
    expect(cells(page)).to_have_count(2)
    upload(page, as_png(4))
    expect(guess(page)).to_have_value("4")
    expect(page.locator("#pad > img")).to_be_visible()
    page.locator("#examples button").first.click()
    expect(page.locator("#pad > img")).to_be_hidden()
    button(page, "Camera").click()
    expect(page.locator("#camera-dialog output")).to_contain_text("5")
    button(page, "Close").click()
    with page.expect_download():
        button(page, "Save as picture").click()
    page.wait_for_function("() => navigator.serviceWorker.controller")
    assert page.evaluate("crossOriginIsolated")
    assert page.evaluate("violations") == []
    assert [text for kind, text in complaints if kind in ("error", "warning")] == []


def test_the_browser_would_tell_of_a_violation(open_page):
    """Else the test above could not fail."""
    page = open_page()
    page.evaluate(LISTEN)
    page.evaluate("document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.2/' }))")
    page.wait_for_function("() => violations.length")
    assert page.evaluate("violations") == ["img-src http://127.0.0.2/"]


def test_the_camera_is_the_only_device_that_the_page_may_ask_for(open_page):
    allowed = open_page().evaluate("document.featurePolicy.allowedFeatures()")
    assert "camera" in allowed
    assert not {"microphone", "geolocation", "usb", "payment", "display-capture"} & set(allowed)
