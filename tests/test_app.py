"""The page's route, and what holds if the network or the code breaks."""

import os
import subprocess
import sys

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


def test_python_app_py_serves_too():
    port = free_port()
    environment = os.environ | {"ADDRESS": "127.0.0.1", "PORT": str(port)}
    with subprocess.Popen([sys.executable, "app.py"], env=environment) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz", process, patience=30)
        finally:
            process.terminate()


class Broken:
    version = "broken@000000000000"

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
