"""What the README says holds: settings, endpoints, calls and answers."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from browser import draw_on

from app import create_app
from digits.read import MODES
from settings import Settings
from train.benchmark import DRAWING
from train.server import running

README = Path("README.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_every_setting_is_in_the_table_with_its_default():
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)` \|", README, re.MULTILINE))
    assert rows == {field.name.upper(): str(field.default) for field in fields(Settings)}


def test_every_option_is_in_the_table():
    command = [sys.executable, "-m", "digits", "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = re.findall(r"^\| `(--\w+)", README, re.MULTILINE)
    assert set(rows) == set(re.findall(r"--\w+", told)) - {"--help"}


def test_every_endpoint_is_there_and_no_other(classifier):
    rules = create_app(Settings(), classifier).url_map.iter_rules()
    endpoints = {
        f"{method} {rule.rule}"
        for rule in rules
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(("/static", "/<")) and rule.rule not in ("/", "/sw.js")
    }
    assert endpoints == set(re.findall(r"`((?:GET|POST) /[\w.]+)`", README))
    assert all(f"`{mode}`" in README or f"mode={mode}`" in README for mode in MODES)


@pytest.fixture(scope="module")
def server():
    with running(WEB_CONCURRENCY="1") as server:
        yield server


def as_printed(code, server):
    assert "http://localhost:5000" in code
    return code.replace("http://localhost:5000", server.url)


@pytest.fixture
def folder(tmp_path):
    shutil.copy(DRAWING, tmp_path / "digit.png")
    return tmp_path


def test_the_curl_call(server, folder):
    (call,) = [block for block in blocks("sh") if block.startswith("curl")]
    if not shutil.which("curl"):
        pytest.skip("needs curl")
    call = as_printed(call, server)
    run = subprocess.run(call, shell=True, cwd=folder, capture_output=True, check=True)  # noqa: S602
    assert json.loads(run.stdout)["number"] == "3"


def test_the_call_for_folders(folder):
    (call,) = [block for block in blocks("sh") if " -m digits " in block]
    (folder / "pictures").mkdir()
    shutil.copy(DRAWING, folder / "pictures")
    here = {"PYTHONPATH": str(Path.cwd()), "MODEL": str(Path("mnist_cnn.tflite").resolve())}
    call = call.replace(".venv/bin/python", sys.executable)
    run = subprocess.run(call, shell=True, cwd=folder, env=os.environ | here, check=False)  # noqa: S602
    assert run.returncode == 0
    assert ",3," in (folder / "numbers.csv").read_text()


def test_the_python_call(server, folder):
    (code,) = blocks("python")
    command = [sys.executable, "-c", as_printed(code, server)]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert run.stdout == "3\n"


def test_the_javascript_call(server, browser):
    """In the page itself, for the server answers its own page only."""
    (code,) = blocks("js")
    page = browser.new_page()
    page.goto(server.url)
    draw_on(page, 7)
    with page.expect_console_message() as message:
        page.evaluate(f"async () => {{ {as_printed(code, server)} }}")
    assert message.value.text == "7"
    page.close()


def test_the_answer_shown_has_the_fields_of_a_real_one(client):
    (shown,) = blocks("json")
    answer = client.post("/predict", data=DRAWING.read_bytes()).json
    assert shape(json.loads(shown)) == shape(answer)
    assert json.loads(shown)["model"] == answer["model"]


def shape(value):
    """Keys and types, whatever the values."""
    if isinstance(value, dict):
        return {key: shape(field) for key, field in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return type(value)


def test_the_figures_are_the_card_s():
    test = json.loads(Path("mnist_cnn.json").read_text())["test"]
    assert f"{test['accuracy']:.2%} ({test['misses']} of 10,000 missed)" in README


def test_every_file_that_is_linked_is_there():
    for link in re.findall(r"\]\(([^)]+)\)", README):
        assert link.startswith("https://") or Path(link).is_file(), link
