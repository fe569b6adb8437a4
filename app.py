"""The web app: the page at /, the API beside it. `python app.py` serves both on one process."""

from flask import Flask, render_template

import model
from digits.api import create_api
from settings import Settings


def create_app(settings=None, classifier=None):
    """Build the app; by default from the environment, with the network that it names."""
    settings = settings or Settings.from_environment()
    classifier = classifier or model.load(settings.model)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_bytes
    app.register_blueprint(create_api(classifier, settings))

    @app.get("/")
    def page():
        return render_template("index.html", max_bytes=settings.max_bytes)

    return app


if __name__ == "__main__":
    settings = Settings.from_environment()
    create_app(settings).run(settings.address, settings.port)
