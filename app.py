"""The web app: the page at /, the API beside it. `python app.py` serves both on one process."""

from flask import Flask
from flask_compress import Compress

import model
from clients import limit
from digits.api import RequestInMemory, create_api
from headers import protect
from logs import log
from page import create_page
from settings import Settings

# Not JSON: /predict's answers are small, and their time counts. Nor what is compressed already.
COMPRESSED = [
    *("text/html", "text/css", "text/javascript"),
    *("application/manifest+json", "image/svg+xml"),
]


def create_app(settings=None, classifier=None):
    """Build the app; by default from the environment, with the network that it names."""
    settings = settings or Settings.from_environment()
    classifier = classifier or model.load(settings.model)
    app = Flask(__name__)
    app.request_class = RequestInMemory
    log(app)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_bytes
    app.config["COMPRESS_MIMETYPES"] = COMPRESSED
    app.config["COMPRESS_ALGORITHM"] = app.config["COMPRESS_ALGORITHM_STREAMING"] = ["br", "gzip"]
    app.config["COMPRESS_BR_LEVEL"] = 5  # a tenth smaller than 4, for half a millisecond a file
    Compress(app)
    protect(app, settings.cors_origins)
    app.register_blueprint(create_api(classifier, settings))
    app.register_blueprint(create_page(settings))
    limit(app, settings)
    if settings.metrics:
        from metrics import measure  # 1 MB in each worker, where it is used

        measure(app, classifier.version)
    return app


if __name__ == "__main__":
    settings = Settings.from_environment()
    create_app(settings).run(settings.address, settings.port)
