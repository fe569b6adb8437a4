import os
import shutil
from io import BytesIO
from pathlib import Path

import matplotlib
import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

import model
from app import create_app
from digits.ink import find_ink
from digits.number import find_numbers
from settings import Settings
from train import data
from train.server import running


@pytest.fixture(scope="session")
def classifier():
    """The network as it is shipped."""
    return model.load(Settings().model)


@pytest.fixture
def client(classifier):
    """The app without a server, its limits low enough to reach."""
    settings = Settings(max_bytes=200_000, max_pixels=1_000_000, max_images=3)
    return create_app(settings, classifier).test_client()


def encode(array, mode=None, format="PNG", **options):
    """An array as the bytes of a picture file, in a PIL mode."""
    image = Image.fromarray(array)
    content = BytesIO()
    (image.convert(mode) if mode else image).save(content, format, **options)
    return content.getvalue()


def text_of(picture, classifier):
    """What find_numbers reads in a picture, (H, W) uint8: its rows joined by newlines."""
    rows = find_numbers(find_ink(picture), classifier)
    return "\n".join("".join(each.text for each in row) for row in rows)


@pytest.fixture(scope="session")
def mnist_path():
    """A verified mnist.npz, None for Keras's own download, or the test is skipped."""
    path = os.environ.get("MNIST") or None
    try:
        data.load(path)
    except data.DataError as error:
        pytest.skip(f"needs MNIST (set MNIST=path/to/mnist.npz): {error}")
    return path


@pytest.fixture(scope="session")
def mnist(mnist_path):
    return data.load(mnist_path)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """One for all tests; before its camera lies a drawn 5."""
    from browser import launch
    from strokes import draw

    film = tmp_path_factory.mktemp("camera") / "five.mjpeg"
    film.write_bytes(30 * encode(draw(5, 480), "RGB", "JPEG"))
    with sync_playwright() as playwright:
        browser = launch(playwright, film)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server():
    with running(WEB_CONCURRENCY="1", MAX_BYTES="300000") as server:
        yield server


@pytest.fixture
def open_page(browser, server):
    """Open the page on a device; whatever goes wrong in its scripts fails the test."""
    from browser import DESKTOP

    contexts, errors = [], []

    def open_(url=server.url, **device):
        context = browser.new_context(**{"locale": "en-US", **(device or DESKTOP)})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not errors


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture(scope="session")
def fonts(tmp_path_factory):
    """A font with all letters and one of symbols alone: TrueType, in files named as npm's are."""
    drawn = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    folder = tmp_path_factory.mktemp("fonts")
    for name in ("DejaVuSans", "STIXSizOneSymReg"):
        (folder / name / "files").mkdir(parents=True)
        file = folder / name / "files" / f"{name.lower()}-latin-400-normal.woff2"
        shutil.copy(drawn / f"{name}.ttf", file)
    return folder
