import os
from io import BytesIO

import pytest
from PIL import Image

import model
from app import create_app
from settings import Settings
from train import data


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


@pytest.fixture(scope="session")
def mnist_path():
    """A verified mnist.npz, None for Keras's own download, or the test is skipped."""
    path = os.environ.get("MNIST")
    try:
        data.load(path)
    except data.DataError as error:
        pytest.skip(f"needs MNIST (set MNIST=path/to/mnist.npz): {error}")
    return path


@pytest.fixture(scope="session")
def mnist(mnist_path):
    return data.load(mnist_path)
