"""The page's route, and what holds if the network or the code breaks."""

import gzip
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from PIL import Image

from app import create_app
from settings import Settings
from train.server import free_port, wait_for


def test_the_page_is_served_with_everything_it_names(client):
    page = client.get("/")
    assert page.status_code == 200
    assert page.mimetype == "text/html"
    for path in ("style.css", "icon.svg", "js/main.js"):
        assert f"/static/{path}" in page.text
        assert client.get(f"/static/{path}").status_code == 200
    assert "http://" not in page.text  # nothing from anywhere else
    assert "https://" not in page.text


TYPES = {
    "style.css": "text/css",
    "js/main.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "manifest.webmanifest": "application/manifest+json",
    "icons/icon-192.png": "image/png",
}


@pytest.mark.parametrize("path", TYPES)
def test_files_have_the_types_that_browsers_ask_for(client, path):
    assert client.get(f"/static/{path}").mimetype == TYPES[path]


@pytest.mark.parametrize("path", ["/", "/sw.js", "/static/style.css", "/static/js/main.js"])
def test_text_goes_compressed_and_only_when_it_has_changed(client, path):
    plain = client.get(path)
    squeezed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert len(squeezed.data) < len(plain.data)
    assert gzip.decompress(squeezed.data) == plain.data
    assert client.get(path, headers={"Accept-Encoding": "br"}).headers["Content-Encoding"] == "br"
    assert client.head(path, headers={"Accept-Encoding": "gzip"}).status_code == 200
    for response, encoding in ((plain, "identity"), (squeezed, "gzip")):
        assert response.headers["Cache-Control"] == "no-cache"
        asked = {"If-None-Match": response.headers["ETag"], "Accept-Encoding": encoding}
        again = client.get(path, headers=asked)
        assert (again.status_code, again.data) == (304, b"")


def test_answers_and_pictures_go_as_they_are(client):
    squeezed = {"Accept-Encoding": "gzip, br"}
    answer = client.post("/predict", data=Path("tests/number.png").read_bytes(), headers=squeezed)
    icon = client.get("/static/icons/icon-512.png", headers=squeezed)
    for response in (answer, icon):
        assert response.status_code == 200
        assert "Content-Encoding" not in response.headers


def test_the_manifest_names_what_there_is(client):
    manifest = json.loads(client.get("/static/manifest.webmanifest").data)
    colours = set(re.findall(r"--(?:page|accent): (#\w+);", Path("static/style.css").read_text()))
    assert {manifest["theme_color"], manifest["background_color"]} <= colours
    for icon in manifest["icons"]:
        response = client.get(f"/static/{icon['src']}")
        assert response.mimetype == icon["type"]
        if icon["sizes"] != "any":
            picture = Image.open(io.BytesIO(response.data))
            assert icon["sizes"] == f"{picture.width}x{picture.height}"
    purposes = [icon.get("purpose", "any") for icon in manifest["icons"]]
    assert purposes == ["any", "any", "any", "maskable"]


def kept_by(client):
    """What the service worker keeps, and the name of the cache it keeps it in."""
    script = client.get("/sw.js").text
    (paths,) = re.findall(r"PATHS = (\[.*?\]);", script, re.DOTALL)
    (name,) = re.findall(r'CACHE = "(.*?)";', script)
    return json.loads(paths), name


def test_the_service_worker_keeps_both_pages_and_their_files_and_nothing_else(client):
    response = client.get("/sw.js")
    assert (response.status_code, response.mimetype) == (200, "text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    paths, _ = kept_by(client)
    files = [path for path in Path("static").rglob("*") if path.is_file()]
    assert set(paths) == {"/", "/docs"} | {f"/{path.as_posix()}" for path in files}
    for page in ("/", "/docs"):
        assert set(re.findall(r'"(/static/.*?)"', client.get(page).text)) <= set(paths)
    assert all(client.get(path).status_code == 200 for path in paths)


@pytest.mark.parametrize("change", ["edit", "add", "rename"])
def test_the_cache_has_another_name_when_a_file_changes(classifier, tmp_path, change):
    app = create_app(Settings(), classifier)
    app.static_folder = shutil.copytree("static", tmp_path / "static")
    client = app.test_client()
    _, before = kept_by(client)
    assert kept_by(client)[1] == before
    main = tmp_path / "static/js/main.js"
    match change:
        case "edit":
            main.write_text(main.read_text() + "\n")
        case "add":
            main.with_name("new.js").touch()
        case "rename":
            main.rename(main.with_name("principal.js"))
    assert kept_by(client)[1] != before


def test_the_cache_has_another_name_when_the_page_changes(classifier):
    names = {
        kept_by(create_app(Settings(max_bytes=size), classifier).test_client())[1]
        for size in (1_000_000, 2_000_000)
    }
    assert len(names) == 2


def test_python_app_py_serves_too():
    port = free_port()
    environment = os.environ | {"ADDRESS": "127.0.0.1", "PORT": str(port)}
    with subprocess.Popen([sys.executable, "app.py"], env=environment) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/readyz", process, patience=30)
            for path, body in (("/predict?mode=no", b"x" * 99), ("/no", bytes(3_000_000))):
                with pytest.raises(HTTPError, match=r"400|404"):
                    urlopen(url + path, body, timeout=10)
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(b"POST /no HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\ncut")
                connection.shutdown(socket.SHUT_WR)
                assert b" 404 " in connection.recv(99)
        finally:
            process.terminate()


class Broken:
    version, strip_version, strip = "broken@000000000000", None, None

    def __call__(self, inputs):
        raise RuntimeError("out of order")


def test_a_network_that_fails_is_not_ready_and_answers_without_a_traceback(caplog):
    client = create_app(Settings(), Broken()).test_client()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    with open("tests/drawing.png", "rb") as drawing:
        response = client.post("/predict", data=drawing.read())
    assert response.status_code == 500
    assert response.mimetype == "application/problem+json"
    assert "out of order" not in response.text
    assert "out of order" in caplog.text  # but in the log
