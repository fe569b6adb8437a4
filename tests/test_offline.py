"""The service worker in a real browser: the page without a server, with a slow and a broken one."""

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect

from train.server import free_port, running

REGISTER = """async () => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller)
    await new Promise((resolve) => setTimeout(resolve, 20));
}"""

UNTIL_GONE = """async (name) => {
  while (await caches.has(name)) await new Promise((resolve) => setTimeout(resolve, 20));
}"""


@pytest.fixture
def page(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def visit(page, url):
    """Open the page and wait until the service worker keeps it."""
    page.goto(url)
    page.evaluate(REGISTER)


def opens_from_the_cache(page, url):
    """Open it again: every file of it must come, and all out of the cache. Takes how long?"""
    responses = []
    page.on("response", lambda response: responses.append(response))
    begin = time.monotonic()
    page.goto(url)
    took = time.monotonic() - begin
    files = [r for r in responses if r.url.split("?")[0].endswith(("/", ".js", ".css"))]
    names = {response.url.split("?")[0].rpartition("/")[2] for response in files}
    assert {"", "style.css", "main.js", "strokes.js"} <= names
    assert all(response.ok and response.from_service_worker for response in files)
    return took


def test_the_page_opens_without_a_server_and_with_any_query(page):
    with running(WEB_CONCURRENCY="1") as server:
        visit(page, server.url)
    assert opens_from_the_cache(page, f"{server.url}/?strokes=7#drawing") < 2
    with pytest.raises(Error, match="Failed to fetch"):  # it does not answer for the server
        page.evaluate("fetch('/predict', { method: 'POST', body: 'x' })")
    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate("fetch('/healthz')")
    page.locator("footer a").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url == f"{server.url}/docs"


def test_a_server_that_hangs_costs_one_patience_for_all_files(page):
    with running(WEB_CONCURRENCY="1") as server:
        visit(page, server.url)
        stopped = [server.process.pid, *server.workers()]
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            assert 2 <= opens_from_the_cache(page, server.url) < 4
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)


def test_a_server_that_fails_is_as_none(page):
    port = str(free_port())
    with running(WEB_CONCURRENCY="1", PORT=port) as server:
        visit(page, server.url)
    with running("test_offline:failing()", PYTHONPATH="tests", PORT=port):
        opens_from_the_cache(page, server.url)


def failing():
    """An app as a router answers for one that is down."""
    from flask import Flask

    app = Flask("failing")
    app.get("/readyz")(lambda: "ready")
    app.register_error_handler(404, lambda error: ("down", 503))
    return app


def test_a_new_version_replaces_what_was_kept_and_touches_no_other_cache(page):
    port = str(free_port())
    with running(WEB_CONCURRENCY="1", PORT=port) as server:
        visit(page, server.url)
        page.evaluate("caches.open('drawings')")
        (before,) = set(page.evaluate("caches.keys()")) - {"drawings"}
    with running(WEB_CONCURRENCY="1", PORT=port, MAX_BYTES="123456"):
        page.reload()
        page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.update())")
        page.evaluate(UNTIL_GONE, before)
        assert "drawings" in page.evaluate("caches.keys()")
    opens_from_the_cache(page, server.url)
    assert "123456" in page.content()


def test_a_new_version_s_page_takes_no_file_of_what_was_kept(page):
    port = str(free_port())
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    with running(WEB_CONCURRENCY="1", PORT=port) as server:
        visit(page, server.url)
    with running("test_offline:renamed()", PYTHONPATH="tests", WEB_CONCURRENCY="1", PORT=port):
        page.reload()
        expect(page.locator("#examples li")).to_have_count(5)
    assert errors == []


def renamed():
    """The app after a change that goes through several modules, one of which comes late."""
    app = slow(path="/static/js/drawing.js")
    folder = Path(tempfile.mkdtemp()) / "static"
    shutil.copytree(app.static_folder, folder)
    for script in folder.glob("js/*.js"):
        script.write_text(script.read_text().replace("newId", "freshId"))
    app.static_folder = str(folder)
    return app


def test_of_the_version_that_is_kept_no_file_is_waited_for(page):
    port = str(free_port())
    with running(WEB_CONCURRENCY="1", PORT=port) as server:
        visit(page, server.url)
    with running("test_offline:slow()", PYTHONPATH="tests", PORT=port):
        assert opens_from_the_cache(page, server.url) < 2


def slow(path="/static"):
    """The app where all below a path comes late."""
    from flask import request

    from app import create_app

    app = create_app()
    app.before_request(lambda: time.sleep(3) if request.path.startswith(path) else None)
    return app
